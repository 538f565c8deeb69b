const names = new Map<string, string>();
/** Every connection keeps every named statement: so many constant texts are plausible, more are a mistake. */
const MOST = 1_000;

/** A name for a statement's text, always the same within this process; `undefined` once there are too many. */
export function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}
