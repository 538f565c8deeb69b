import { refusal } from '@rollcall/contracts';

/** Tokens that say where a list goes on: opaque, and worth nothing for any other list. */
export interface PageTokens {
  /** @param list names the list and everything that it depends on */
  seal(list: string, place: readonly string[]): Promise<string>;
  /** `undefined` for a token that was not made for this list, or not by us (I6). */
  open(list: string, token: string): Promise<readonly string[] | undefined>;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
}

/** Of all lists of the API. */
const MOST = 60;

export interface PageAsked<Row> {
  readonly list: string;
  /** Rows at most; 0 for as many as there may be. */
  readonly limit: number;
  readonly next: string | undefined;
  /** Asks for one row more than a page has, which tells whether there is another. */
  readonly rows: (limit: number, after: readonly string[] | undefined) => Promise<readonly Row[]>;
  readonly placeOf: (row: Row) => readonly string[];
}

/** @throws {DomainError} `InvalidParameter` for a token that is not of this list */
export async function pageOf<Row>(tokens: PageTokens, { list, limit, next, rows, placeOf }: PageAsked<Row>): Promise<Page<Row>> {
  const size = limit > 0 ? Math.min(limit, MOST) : MOST;
  const after = next === undefined ? undefined : await tokens.open(list, next);
  if (next !== undefined && after === undefined) throw refusal('InvalidParameter', { reason: 'Invalid pagination token.' });
  const found = await rows(size + 1, after);
  const page = found.slice(0, size);
  const last = page.at(-1);
  return { rows: page, next: found.length > size && last !== undefined ? await tokens.seal(list, placeOf(last)) : undefined };
}
