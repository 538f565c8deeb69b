/** A request as it came in, before anything is believed about it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  /** Names in lower case; one entry per header line. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array;
  /** Address of the peer; never of a header that anyone can write. */
  readonly source: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Lines of a header, joined as HTTP joins them; `undefined` if it was not sent. */
export const header = ({ headers }: Pick<HttpRequest, 'headers'>, name: string): string | undefined => headers.get(name)?.join(',');

/** Header lines as Node gives them in `rawHeaders`: names and values in turn. */
export function headerLines(raw: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    const value = raw[at + 1] as string;
    const known = lines.get(name);
    if (known) known.push(value);
    else lines.set(name, [value]);
  }
  return lines;
}
