import { DirectoryService, type CallContext, type wire } from '@rollcall/contracts';
import { systemTime, type Log } from '@rollcall/eventing';
import { canonicalJson } from '@rollcall/kernel';
import { derivedUuid, masterKeyProvider, sha256, uuidV4 } from '@rollcall/platform-crypto';
import { testDatabase } from '@rollcall/platform-postgres/testing';
import { loopbackPort } from '@rollcall/platform-rpc';
import { postgresServiceStore, prepareSchema } from '@rollcall/store-postgres';

import { directoryMigrations, directoryService, startDirectory } from '../src/index.js';
import { call } from './call.js';

const silent: Log = { error: () => undefined, warn: () => undefined, info: () => undefined };
const key = Buffer.alloc(32, 3);

/** The whole service on a PostgreSQL of its own, reached through its codec. */
export async function postgresDirectory() {
  const database = await testDatabase();
  await prepareSchema(database.db, 'directory', directoryMigrations);
  const provider = masterKeyProvider(Buffer.alloc(32, 7));

  /** As if in a process of its own. */
  const start = async () => {
    const db = database.another();
    const store = postgresServiceStore({ db, service: 'directory', provider, shared: true });
    const ids = { derive: (requestKey: string | undefined, purpose: string, n: number) =>
      (requestKey === undefined ? uuidV4() : derivedUuid(key, sha256(`${requestKey}|${purpose}`).toString('hex'), n)) };
    const running = await startDirectory({ db, store, ids, time: systemTime, log: silent, settleMillis: 1_500 });
    const port = loopbackPort(DirectoryService, directoryService(running.needs));
    return {
      ...running, db, store, port,
      stop: async () => {
        await running.stop();
        await store.close();
      },
    };
  };
  const first = await start();
  const others: Awaited<ReturnType<typeof start>>[] = [];

  return {
    ...first,
    freshStore: () => postgresServiceStore({ db: first.db, service: 'directory', provider, shared: false }),
    another: async () => {
      const other = await start();
      others.push(other);
      return other;
    },
    pool: async (settings: object = {}, region = 'eu-west-1') =>
      (await first.port.createPool({ region, settingsJson: canonicalJson({ PoolName: 'people', ...settings }) }, call())).poolId,
    close: async () => {
      await Promise.all([first, ...others].map((each) => each.stop()));
      await database.close();
    },
  };
}

export type PostgresDirectory = Awaited<ReturnType<typeof postgresDirectory>>;

export interface Asked {
  readonly poolId: string;
  readonly sub?: string;
  readonly username: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly by?: CallContext;
}

const newUser = ({ poolId, sub = uuidV4(), username, attributes = {} }: Asked): wire.directory.NewUser => ({
  poolId, sub, username, attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })), confirmed: false, forceAliasCreation: false,
});

export const register = ({ port }: Pick<PostgresDirectory, 'port'>, asked: Asked) => port.register(newUser(asked), asked.by ?? call());
export const createUser = ({ port }: Pick<PostgresDirectory, 'port'>, asked: Asked) => port.createUser(newUser(asked), asked.by ?? call());

/** Waits for what happens in the background. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const giveUp = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > giveUp) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
