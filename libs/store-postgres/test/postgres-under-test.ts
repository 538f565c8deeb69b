import type { StoreUnderTest } from '@rollcall/eventing/testing';
import { masterKeyProvider } from '@rollcall/platform-crypto';
import { DatabaseUnavailable, txOf, type Database } from '@rollcall/platform-postgres';
import { testDatabase, type TestDatabase } from '@rollcall/platform-postgres/testing';

import { postgresServiceStore, prepareSchema, type ServiceStore } from '../src/index.js';

export const provider = masterKeyProvider(Buffer.alloc(32, 7));

export interface PostgresUnderTest extends StoreUnderTest {
  readonly database: TestDatabase;
  /** As if in another process: with caches of its own. */
  another(): ServiceStore;
}

/** The PostgreSQL store for the contract suite, in a database of its own. */
export async function postgresUnderTest(service = 'contract'): Promise<PostgresUnderTest> {
  const database = await testDatabase();
  const { db } = database;
  await prepareSchema(db, service);
  await db.queryOnce('create table journal (n bigserial primary key, page text, entry text)');
  const another = () => postgresServiceStore({ db, service, provider, shared: false });
  const store = another();
  return {
    database,
    another,
    events: store.events,
    claims: store.claims,
    erasure: store.erasure,
    checkpoints: store.checkpoints,
    transactions: store.transactions,
    unruly: (random) => {
      const unruly = postgresServiceStore({ db: lingering(database.another({ connections: 4 }), service, random), service, provider, shared: false });
      return { append: unruly.events.append };
    },
    async tamper(stream, revision) {
      const { count } = await db.queryOnce(`update ${service}.event set data = replace(data::text, ':', ' :')::json where stream = $1 and revision = $2`, [stream, revision]);
      if (count !== 1) throw new RangeError(`${stream} has no revision ${revision}`);
    },
    journal: {
      async add(tx, page, entries) {
        for (const entry of entries) await txOf(tx).query('insert into journal (page, entry) values ($1, $2)', [page, entry]);
      },
      entries: async (page) => (await db.query<{ entry: string }>('select entry from journal where page = $1 order by n', [page])).rows.map(({ entry }) => entry),
    },
    async close() {
      await store.close();
      await database.close();
    },
  };
}

/**
 * A database in which every append is a transaction that takes its id early, lingers before and after, and is rolled
 * back now and then. Some of the answers are lost.
 */
function lingering(db: Database, service: string, random: () => number): Database {
  const pause = () => random() * 0.01;
  return {
    ...db,
    async query<Row>(text: string, values?: readonly unknown[]) {
      if (!text.includes(`${service}.append(`)) return db.query<Row>(text, values);
      const chance = random();
      const result = await db.tx(async (tx) => {
        await tx.query('select pg_current_xact_id(), pg_sleep($1)', [pause()]);
        const answer = await tx.query<Row>(text, values);
        await tx.query('select pg_sleep($1)', [pause()]);
        if (chance < 0.05) throw new DatabaseUnavailable('nothing-happened', 'rolled back by the test');
        return answer;
      });
      if (chance < 0.1) throw new DatabaseUnavailable('unknown', 'lost by the test');
      return result;
    },
  };
}
