import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';

import type { ConnectionConfig } from '../connection.js';
import { connect, type ConnectOptions, type Database } from '../database.js';
import { startEmbedded } from '../embedded.js';

export interface TestDatabase {
  readonly db: Database;
  readonly connection: ConnectionConfig;
  /** Another pool on the same database: as if another process. */
  another(options?: ConnectOptions): Database;
  /** Closes every pool. The database itself goes with the server. */
  close(): Promise<void>;
}

/**
 * A fresh, empty database. All spec files of one test worker share one server, which ends with the worker. It is not
 * durable (fsync off): start a server of one's own to test what survives.
 */
export async function testDatabase(options: ConnectOptions = {}): Promise<TestDatabase> {
  const server = await sharedServer();
  const admin = connect(server, { connections: 1 });
  const database = `t${process.hrtime.bigint().toString(36)}`;
  await admin.queryOnce(`create database "${database}" template template0`);
  await admin.close();
  const connection = { ...server, database };
  const open: Database[] = [];
  const another = (more: ConnectOptions = {}) => {
    const db = connect(connection, { ...options, ...more });
    open.push(db);
    return db;
  };
  return { db: another(), connection, another, close: async () => void (await Promise.all(open.map((db) => db.close()))) };
}

/** Each spec file has modules of its own, so the server that they share is found through a folder named after the process. */
async function sharedServer(): Promise<ConnectionConfig> {
  const dataDir = join(tmpdir(), `rollcall-test-${userInfo().uid}-${process.pid}-${threadId}`);
  return (await startEmbedded({ dataDir, attach: true, durable: false, temporary: true })).connection;
}
