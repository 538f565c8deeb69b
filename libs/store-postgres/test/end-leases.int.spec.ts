import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { masterKeyProvider } from '@rollcall/platform-crypto';
import { testDatabase, type TestDatabase } from '@rollcall/platform-postgres/testing';

import { endLeases, postgresServiceStore, prepareSchema, type ServiceStore } from '../src/index.js';

describe('a process that has the database to itself', () => {
  let database: TestDatabase;
  let store: ServiceStore;
  beforeAll(async () => {
    database = await testDatabase();
    await prepareSchema(database.db, 'directory');
    store = postgresServiceStore({ db: database.db, service: 'directory', provider: masterKeyProvider(Buffer.alloc(32, 1)), shared: false });
  });
  afterAll(async () => {
    await store.close();
    await database.close();
  });

  it('takes over at once what a killed one was working on', async () => {
    const killed = await store.checkpoints.acquire('reader', 3_600_000);
    expect(await store.checkpoints.acquire('reader', 1_000)).toBeUndefined();
    await endLeases(database.db, 'directory');
    expect(await store.checkpoints.acquire('reader', 1_000)).toMatchObject({ name: 'reader' });
    expect(killed && await store.checkpoints.renew(killed, 1_000)).toBe(false);
  });
});
