import pg from 'pg';

/** Where a database is and who asks. */
export interface ConnectionConfig {
  /** A host name, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string;
}

/** `bigint` as a number: revisions, sequences and counts of ours stay below 2^53. @throws {RangeError} above */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint of the database exceeds 2^53');
  return value;
}

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? safeInteger : (pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown),
};

export interface Limits {
  /** How long a call may wait for a connection, and for a database that is starting again. */
  readonly connectTimeoutMillis: number;
  /** When the server gives a statement up. */
  readonly statementTimeoutMillis: number;
}

/** Settings of the driver that all connections of a process share. */
export function clientSettings(target: string | ConnectionConfig, limits: Limits): pg.ClientConfig {
  return {
    ...(typeof target === 'string' ? { connectionString: target } : target),
    application_name: 'rollcall',
    types,
    keepAlive: true,
    connectionTimeoutMillis: limits.connectTimeoutMillis,
    statement_timeout: limits.statementTimeoutMillis,
    // The server's own deadline comes first; this one is for a server that has fallen silent.
    query_timeout: limits.statementTimeoutMillis + 2_000,
    idle_in_transaction_session_timeout: 5_000,
  };
}
