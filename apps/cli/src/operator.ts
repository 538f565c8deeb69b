import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { noEffects, type CallContext } from '@rollcall/contracts';
import { epochMillis } from '@rollcall/kernel';
import { loadSettings, type Settings } from '@rollcall/platform-config';
import { fileKeyProvider, uuidV4, type KeyProvider } from '@rollcall/platform-crypto';
import { createLogger, type Logger } from '@rollcall/platform-log';
import { openDatabase, type Database } from '@rollcall/platform-postgres';
import { postgresServiceStore, type ServiceStore } from '@rollcall/store-postgres';

import { UsageError } from './command.js';

/** What an operator's command works with. */
export interface Operator {
  readonly settings: Settings;
  readonly log: Logger;
  readonly db: Database;
  readonly provider: KeyProvider;
  /** Opened at first use, closed at the end. */
  store(service: string): ServiceStore;
  callFor(operation: string): CallContext;
}

const DEADLINE_MILLIS = 60_000;

/**
 * Opens the database, of a running Rollcall if there is one, for as long as the work takes.
 *
 * @param mayCreate whether a data folder is made where there is none; otherwise a command in the wrong folder would begin a
 * second, empty Rollcall there and report that nothing ever happened
 * @throws {UsageError} if there is no database, and none may be made
 */
export async function asOperator<T>(work: (operator: Operator) => Promise<T>, { mayCreate = false } = {}): Promise<T> {
  const settings = loadSettings();
  const folder = resolve(settings.ROLLCALL_DATA_DIR);
  if (!mayCreate && settings.ROLLCALL_DATABASE_URL === undefined && !existsSync(join(folder, 'postgres'))) {
    throw new UsageError(`${folder} holds no data of Rollcall that this user can see: `
      + 'run this in the folder that Rollcall was started in, or set ROLLCALL_DATA_DIR as for Rollcall itself');
  }
  const log = createLogger({ level: settings.ROLLCALL_LOG_LEVEL === 'info' ? 'warn' : settings.ROLLCALL_LOG_LEVEL });
  const database = await openDatabase(settings.ROLLCALL_DATABASE_URL, {
    dataDir: settings.ROLLCALL_DATA_DIR,
    binaries: settings.ROLLCALL_POSTGRES_BIN,
    attach: true,
  }, { connections: 4, statementTimeoutMillis: DEADLINE_MILLIS });
  const stores = new Map<string, ServiceStore>();
  try {
    const provider = await fileKeyProvider(settings.ROLLCALL_MASTER_KEY_FILE ?? join(settings.ROLLCALL_DATA_DIR, 'master-key'));
    return await work({
      settings,
      log,
      db: database.db,
      provider,
      store(service) {
        const store = stores.get(service) ?? postgresServiceStore({ db: database.db, service, provider, shared: database.shared });
        stores.set(service, store);
        return store;
      },
      callFor: (operation) => ({
        correlationId: uuidV4(),
        operation,
        deadline: epochMillis(Date.now() + DEADLINE_MILLIS),
        caller: { kind: 'operator', id: 'cli' },
        clientMetadata: {},
        effects: noEffects(),
      }),
    });
  } finally {
    await Promise.all([...stores.values()].map((store) => store.close()));
    await database.close();
  }
}
