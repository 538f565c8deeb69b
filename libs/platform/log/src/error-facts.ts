/** Fields of errors that name places in the system, never people: ours, Node's and PostgreSQL's. */
const safeFields = [
  'code', 'errno', 'syscall', 'severity', 'schema', 'table', 'constraint', 'routine', // PostgreSQL's `detail` and `where` quote values
  'stream', 'revision', 'actual', 'type', 'version', 'kind', 'outcome', 'bytes', 'subscription',
] as const;

const deepestCause = 4;

/**
 * What of an error may stand in a log: its name, code, places and stack frames. The message is left out, and so are all
 * other members: libraries put into them what a person typed (`invalid input syntax for type uuid: "ada@…"`). A
 * `DomainError`'s details are safe by definition. Whatever else helps the operator is a fact that the caller logs.
 */
export function errorFacts(error: unknown, depth = 0): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: 'NotAnError', kind: typeof error };
  const fields = error as unknown as Readonly<Record<string, unknown>>;
  const facts: Record<string, unknown> = { name: error.name };
  for (const field of safeFields) {
    const value = fields[field];
    if (typeof value === 'string' || typeof value === 'number') facts[field] = value;
  }
  if (error.name === 'DomainError') facts['details'] = fields['details'];
  facts['stack'] = framesOf(error);
  if (depth >= deepestCause) return facts;
  if (error.cause !== undefined) facts['cause'] = errorFacts(error.cause, depth + 1);
  if (error instanceof AggregateError) facts['errors'] = error.errors.slice(0, 4).map((each) => errorFacts(each, depth + 1));
  return facts;
}

/** The lines of the stack that name code. A message can have lines that look like them, so it is cut off first. */
function framesOf(error: Error): readonly string[] {
  const stack = error.stack ?? '';
  const end = stack.indexOf(error.message);
  const frames = error.message === '' || end === -1 ? stack : stack.slice(end + error.message.length);
  return frames.split('\n').map((line) => line.trim()).filter((line) => line.startsWith('at ')).slice(0, 12);
}
