import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  definitionsOf, execute, readModel, runProjections, verifyReadModel, type Aggregate, type Projection, type ProjectionRunner, type ProjectionTable, type ReadModel,
} from '@rollcall/eventing';
import { recordingLog } from '@rollcall/eventing/testing';
import { accept, defineEvent, epochMillis, typeOf, type Decider, type EventOf } from '@rollcall/kernel';
import { txOf, type Database } from '@rollcall/platform-postgres';
import { testDatabase, type TestDatabase } from '@rollcall/platform-postgres/testing';

import { postgresServiceStore, prepareSchema, type ServiceStore } from '../src/index.js';
import { provider } from './postgres-under-test.js';

const SERVICE = 'club';
const POOL = 'us-east-1_abc';

const named = defineEvent('club.member.named', { data: typeOf<{ times: number }>(), personal: typeOf<{ name: string }>() });
const left = defineEvent('club.member.left', { data: typeOf<{ times: number }>() });
const definitions = { named, left };
type MemberEvent = EventOf<typeof definitions>;
type Command = Readonly<{ name: string } | { leave: true }>;

const decider: Decider<Command, number, MemberEvent> = {
  initial: 0,
  decide: (command, times) => accept<MemberEvent>('name' in command ? named({ times }, { name: command.name }) : left({ times })),
  evolve: (times) => times + 1,
};
const member: Aggregate<Command, number, MemberEvent> = { decider, definitions: definitionsOf(definitions) };

interface Members {
  put(sub: string, name: string | null, times: number): Promise<void>;
  remove(sub: string): Promise<void>;
}

const membersTable: ProjectionTable<Members> = {
  create: (tx, table) => txOf(tx).script(`
    create table if not exists ${SERVICE}.${table} (sub text primary key, name text, times bigint not null);
    create index if not exists ${table}_name on ${SERVICE}.${table} (name);`),
  open: (tx, table) => ({
    put: async (sub, name, times) => void (await txOf(tx).query(
      `insert into ${SERVICE}.${table} (sub, name, times) values ($1, $2, $3) on conflict (sub) do update set name = excluded.name, times = excluded.times`, [sub, name, times])),
    remove: async (sub) => void (await txOf(tx).query(`delete from ${SERVICE}.${table} where sub = $1`, [sub])),
  }),
  drop: (tx, table) => txOf(tx).script(`drop table if exists ${SERVICE}.${table}`),
  async digest(tx, table) {
    const { rows: [row] } = await txOf(tx).query<{ rows: number; hash: string }>(
      `select count(*) as rows, md5(coalesce(string_agg(concat_ws('|', sub, name, times), ',' order by sub), '')) as hash from ${SERVICE}.${table}`);
    return row as { rows: number; hash: string };
  },
};

const members = (version: number): ReadModel => {
  const projection: Projection<MemberEvent, Members> = {
    name: 'club_members', version, kind: 'per-stream', prefixes: ['club.member-'], definitions: definitionsOf(definitions),
    on: {
      'club.member.named': ({ subject, personal, data }, rows) => rows.put(subject?.sub ?? '', personal?.name ?? null, data.times),
      'club.member.left': ({ subject }, rows) => rows.remove(subject?.sub ?? ''),
    },
  };
  return readModel(projection, membersTable);
};

describe('read models on PostgreSQL', () => {
  let database: TestDatabase;
  let db: Database;
  let store: ServiceStore;
  const running: ProjectionRunner[] = [];
  const log = recordingLog();

  beforeAll(async () => {
    database = await testDatabase();
    db = database.db;
    await prepareSchema(db, SERVICE);
    store = postgresServiceStore({ db, service: SERVICE, provider, shared: false });
  }, 60_000);
  const stopAll = () => Promise.all(running.splice(0).map((runner) => runner.stop()));
  afterEach(stopAll);
  afterAll(async () => {
    await store.close();
    await database.close();
  });

  const needs = (batch?: number) => ({
    store: store.events, checkpoints: store.checkpoints, transactions: store.transactions, versions: store.serving, log, ...(batch === undefined ? {} : { batch }),
  });
  const run = async (...versions: readonly number[]) => {
    const runner = await runProjections(needs(20), versions.map(members));
    running.push(runner);
    return runner;
  };
  const change = (sub: string, command: Command) => execute(
    { store: store.events, ids: { derive: () => crypto.randomUUID() }, now: () => epochMillis(Date.now()) }, member, `club.member-${POOL}.${sub}`, command,
    { correlationId: 'c', operation: 'Test', caller: { kind: 'service', id: 'test' }, effects: { eventIds: [] } }, { subject: { poolId: POOL, sub } },
  );
  const names = async (table: string) => (await db.queryOnce<{ name: string }>(`select name from ${SERVICE}.${table} order by sub`)).rows.map(({ name }) => name);
  const tables = async () => (await db.queryOnce<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = $1 and table_name like 'club%' order by 1`, [SERVICE])).rows.map(({ name }) => name);
  const allCaughtUp = async (runner: ProjectionRunner) => (await runner.list()).every(({ lagMillis }) => lagMillis === 0);
  const until = async (done: () => boolean | Promise<boolean>) => {
    const end = Date.now() + 30_000;
    while (!(await done())) {
      if (Date.now() > end) throw new Error('it never came to that');
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
  };

  it('are created by several processes at once, kept by one, and read by all after their own writes', async () => {
    const runners = await Promise.all([run(1), run(1), run(1), run(1)]);
    for (const [n, runner] of runners.entries()) {
      await change(`m${n}`, { name: `name ${n}` });
      expect(await runner.whenCaughtUp('club_members')).toEqual({ tableName: 'club_members_v1', fresh: true });
      expect(await names('club_members_v1')).toHaveLength(n + 1);
    }
  });

  it('are filled beside the old version, and switched for good', async () => {
    for (let n = 0; n < 100; n++) await change(`m${n % 30}`, n % 7 === 6 ? { leave: true } : { name: `name ${n}` });
    const runner = await run(1, 2);
    await until(() => runner.serving('club_members').version === 2);
    await until(() => allCaughtUp(runner));
    expect(await names('club_members_v2')).toEqual(await names('club_members_v1'));
    expect((await run(1, 2)).serving('club_members').tableName).toBe('club_members_v2');
  });

  it('are verified while writes go on, and found right', async () => {
    const runner = await run(1, 2);
    let writing = true;
    const writes = Promise.all([0, 1, 2].map(async (writer) => {
      for (let n = 0; writing && n < 200; n++) await change(`w${writer}.${n % 5}`, n % 4 === 3 ? { leave: true } : { name: `name ${n}` });
    }));
    const found = [];
    for (const version of [1, 2, 1, 2]) found.push(await runner.verify('club_members', version));
    writing = false;
    await writes;
    expect(found.map(({ matches }) => matches)).toEqual([true, true, true, true]);
    expect(await tables()).toEqual(['club_members_v1', 'club_members_v2']);
  });

  it('are found wrong where a row was changed outside', async () => {
    const runner = await run(1, 2);
    await runner.whenCaughtUp('club_members');
    await db.queryOnce(`update ${SERVICE}.club_members_v2 set times = times + 1 where sub = (select min(sub) from ${SERVICE}.club_members_v2)`);
    expect(await runner.verify('club_members')).toMatchObject({ matches: false });
    expect(await runner.verify('club_members', 1)).toMatchObject({ matches: true });
  });

  it('are verified from another process, too, one at a time', async () => {
    const outcomes = await Promise.allSettled([1, 2].map(() => verifyReadModel(needs(), members(1))));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are dropped when retired, and filled anew should they come back', async () => {
    const runner = await run(2);
    expect(await runner.dropRetired()).toEqual(['club_members_v1']);
    expect(await tables()).toEqual(['club_members_v2']);
    await stopAll();
    const back = await run(1, 2);
    expect(back.serving('club_members').version).toBe(2);
    await until(() => allCaughtUp(back));
    expect(await names('club_members_v1')).toEqual(await names('club_members_v2'));
  });
});
