/**
 * The database could not be asked, or its answer was lost. `outcome` tells whether the statement or transaction surely
 * changed nothing; with `unknown` it may have been committed.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  constructor(readonly outcome: 'nothing-happened' | 'unknown', readonly reason: string) {
    super(`database unavailable (${reason}), outcome ${outcome}`);
  }
}

/**
 * A statement that PostgreSQL refused; nothing of it happened. Its text names code and constraint only: PostgreSQL's own
 * message and detail may quote values, which are personal data.
 */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  constructor(readonly code: string, readonly constraint: string | undefined, explanation: string) {
    super([`SQL error ${code}`, constraint, explanation].filter(Boolean).join(': '));
  }
}

/** Whether a unique constraint (that one, if named) refused a statement. */
export const isUniqueViolation = (error: unknown, constraint?: string): error is SqlError =>
  error instanceof SqlError && error.code === '23505' && (constraint === undefined || error.constraint === constraint);

interface DriverError extends Error {
  readonly code?: string;
  readonly severity?: string;
  readonly constraint?: string;
}

/** SQLSTATE classes and codes of a server that is away, going away or out of means, rather than of a wrong statement. */
const UNAVAILABLE = /^(08|53|57P|58|XX)|^(57014|25P03|25006|40003)$/;
/** After these the connection is gone, and an answer that was on its way with it. */
const CONNECTION_ENDED = /^(08|57P|25P03)/;
/** Texts of these classes name objects of the schema, never values. */
const SPEAKS_OF_SCHEMA = /^(42|0A|3F)/;

/**
 * What an error of the driver means for the statement that it ended.
 *
 * @param sent whether the statement may have reached the server
 */
export function classified(error: unknown, sent: boolean): { readonly error: Error; readonly connectionLost: boolean } {
  const { code, severity, constraint, message, name } = error as DriverError;
  if (name === 'TypeError' || name === 'RangeError') return { error: error as Error, connectionLost: true }; // a value of ours, or a bigint too large
  if (severity === undefined || code === undefined) {
    return { error: new DatabaseUnavailable(sent ? 'unknown' : 'nothing-happened', code ?? reasonOf(message)), connectionLost: true };
  }
  if (!UNAVAILABLE.test(code)) return { error: new SqlError(code, constraint, SPEAKS_OF_SCHEMA.test(code) ? message : ''), connectionLost: false };
  const connectionLost = severity === 'FATAL' || severity === 'PANIC' || CONNECTION_ENDED.test(code);
  return { error: new DatabaseUnavailable(sent && connectionLost ? 'unknown' : 'nothing-happened', code), connectionLost };
}

/** The driver's own errors have no code; their texts are fixed. */
const reasonOf = (message: string): string => (/timeout/i.test(message) ? 'timeout' : 'connection lost');
