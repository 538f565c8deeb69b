import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { clientSettings, type ConnectionConfig, type Limits } from './connection.js';
import { classified, DatabaseUnavailable } from './database-errors.js';
import { nameOf } from './statement-name.js';

export interface Result<Row> {
  readonly rows: readonly Row[];
  /** Rows returned, or changed by a statement that returns none. */
  readonly count: number;
}

export interface Queryable {
  /**
   * Runs one statement. Its text must be a constant: the server keeps it prepared. `bigint` columns come as numbers,
   * `json` parsed.
   * @throws {SqlError} @throws {DatabaseUnavailable}
   */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Result<Row>>;
  /** As `query`, for texts assembled at run time, which must not fill the server with prepared statements. */
  queryOnce<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Result<Row>>;
}

/** An open transaction. It has the shape of eventing's `Transaction`; `txOf` finds it behind one. */
export interface Tx extends Queryable {
  readonly transaction: symbol;
  /** Runs several statements without values: migrations. */
  script(text: string): Promise<void>;
}

export interface Database extends Queryable {
  /** As `query`, for what may run twice: reads, and statements that change nothing the second time. Sent again after a lost connection. */
  repeatable<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Result<Row>>;
  /**
   * Runs `work` in a transaction: committed when it resolves, rolled back when it throws. Never wait for anything but
   * the database in there: an open transaction holds back every reader of the log.
   */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** As `tx`, for reads that must all see one moment (repeatable read, read only). It takes no transaction id and no lock. */
  snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A connection of one's own, outside the pool and without a deadline per statement: migrations, advisory locks. */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** What a connection of its own needs, for `listen`. */
  readonly settings: pg.ClientConfig;
  close(): Promise<void>;
}

export interface Session extends Queryable {
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface ConnectOptions extends Partial<Limits> {
  /** 8 beat 32 in the slowest hundredth, on two cores. */
  readonly connections?: number;
}

/**
 * A pool of connections. A database that is away for a moment is waited for; nothing that may have happened is sent
 * twice without being asked to.
 *
 * @param target a `postgresql://` address, or what `startEmbedded` returned as `connection`
 */
export function connect(target: string | ConnectionConfig, options: ConnectOptions = {}): Database {
  const limits: Limits = { connectTimeoutMillis: options.connectTimeoutMillis ?? 5_000, statementTimeoutMillis: options.statementTimeoutMillis ?? 10_000 };
  const settings = clientSettings(target, limits);
  const pool = new pg.Pool({ ...settings, max: options.connections ?? 8, idleTimeoutMillis: 60_000, allowExitOnIdle: true });
  pool.on('error', () => undefined); // an idle connection was lost; whoever needs one gets another
  pool.on('connect', (client) => client.on('error', () => undefined)); // one in use was lost: its statement reports it, the event must not end the process

  const acquire = async (): Promise<pg.PoolClient> => {
    const giveUp = Date.now() + limits.connectTimeoutMillis;
    for (let pause = 20; ; pause = Math.min(pause * 2, 250)) {
      try {
        return await pool.connect();
      } catch (error) {
        const { error: meaning } = classified(error, false);
        if (!(meaning instanceof DatabaseUnavailable) || Date.now() + pause > giveUp) throw meaning;
        await sleep(pause);
      }
    }
  };

  const withClient = async <T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> => {
    const client = await acquire();
    let broken = true;
    try {
      const result = await work(client);
      broken = false;
      return result;
    } catch (error) {
      broken = isBroken(error);
      throw error;
    } finally {
      client.release(broken);
    }
  };

  const once = <Row>(text: string, values: readonly unknown[] | undefined, named: boolean) =>
    withClient((client) => send<Row>(client, text, values, named));

  return {
    query: (text, values) => once(text, values, true),
    queryOnce: (text, values) => once(text, values, false),
    async repeatable<Row>(text: string, values?: readonly unknown[]) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once<Row>(text, values, true);
        } catch (error) {
          if (attempt === 3 || !(error instanceof DatabaseUnavailable) || error.outcome !== 'unknown' || error.reason === 'timeout') throw error;
        }
      }
    },
    tx: (work) => withClient((client) => transaction(client, work)),
    snapshot: (work) => withClient((client) => transaction(client, work, 'begin isolation level repeatable read, read only')),
    async session(work) {
      const client = new pg.Client({ ...settings, statement_timeout: 0, query_timeout: 0 } as pg.ClientConfig);
      client.on('error', () => undefined); // the statement under way reports it
      try {
        await client.connect();
      } catch (error) {
        throw classified(error, false).error;
      }
      try {
        return await work({ ...queryable(client), tx: (inner) => transaction(client, inner) });
      } finally {
        await client.end().catch(() => undefined); // it was lost already
      }
    },
    settings,
    close: () => pool.end(),
  };
}

const transactions = new WeakMap<object, Tx>();

/** The open transaction behind an opaque one, as eventing's ports hand it through. @throws {TypeError} for any other object */
export function txOf(transaction: { readonly transaction: symbol }): Tx {
  const tx = transactions.get(transaction);
  if (!tx) throw new TypeError('not a transaction of this database');
  return tx;
}

/** Errors after which their connection is of no use. */
const broken = new WeakSet<object>();
const isBroken = (error: unknown): boolean => typeof error === 'object' && error !== null && broken.has(error);

function fail(cause: unknown, sent: boolean): never {
  const { error, connectionLost } = classified(cause, sent);
  if (connectionLost) broken.add(error);
  throw error;
}

async function send<Row>(client: pg.ClientBase, text: string, values: readonly unknown[] = [], named = true): Promise<Result<Row>> {
  const name = named ? nameOf(text) : undefined;
  try {
    const { rows, rowCount } = await client.query({ ...(name === undefined ? {} : { name }), text, values: values as unknown[] });
    return { rows: rows as Row[], count: rowCount ?? 0 };
  } catch (error) {
    return fail(error, true);
  }
}

const queryable = (client: pg.ClientBase): Queryable => ({
  query: (text, values) => send(client, text, values, true),
  queryOnce: (text, values) => send(client, text, values, false),
});

async function transaction<T>(client: pg.ClientBase, work: (tx: Tx) => Promise<T>, begin = 'begin'): Promise<T> {
  const tx: Tx = {
    ...queryable(client),
    transaction: Symbol('transaction'),
    script: async (text) => {
      await client.query(text).catch((error: unknown) => fail(error, true));
    },
  };
  transactions.set(tx, tx);
  await client.query(begin).catch((error: unknown) => fail(error, false));
  let result: T;
  try {
    result = await work(tx);
  } catch (error) {
    transactions.delete(tx);
    await client.query('rollback').catch(() => broken.add(error as object));
    // Nothing was committed, whatever became of the single statement.
    throw error instanceof DatabaseUnavailable && error.outcome === 'unknown' ? nothingHappened(error) : error;
  }
  transactions.delete(tx);
  const { command } = await client.query('commit').catch((error: unknown) => fail(error, true));
  // A statement failed and `work` carried on: PostgreSQL answers COMMIT with ROLLBACK and without an error.
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a failed statement in it was ignored');
  return result;
}

function nothingHappened(error: DatabaseUnavailable): DatabaseUnavailable {
  const known = new DatabaseUnavailable('nothing-happened', error.reason);
  if (broken.has(error)) broken.add(known);
  return known;
}
