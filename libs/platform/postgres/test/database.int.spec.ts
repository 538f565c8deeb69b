import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { connect, isUniqueViolation, listen, SqlError, txOf, type Database } from '../src/index.js';
import { testDatabase, type TestDatabase } from '../src/testing/index.js';

let test: TestDatabase;
let db: Database;

beforeAll(async () => {
  test = await testDatabase();
  db = test.db;
  await db.queryOnce('create table person (name text primary key, born bigint)');
}, 60_000);
afterAll(() => test.close());

const names = async () => (await db.query<{ name: string }>('select name from person order by name')).rows.map(({ name }) => name);
const backendOf = async (tx: { query: Database['query'] }) => (await tx.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;

describe('a database', () => {
  it('answers a bigint as a number, and refuses one that a number cannot hold', async () => {
    expect((await db.query('select 9007199254740991::bigint as n')).rows).toEqual([{ n: 9007199254740991 }]);
    await expect(db.query('select 9007199254740992::bigint as n')).rejects.toThrow(RangeError);
  });

  it('counts what a statement changed', async () => {
    expect((await db.query(`insert into person values ('count 1', 1), ('count 2', 2)`)).count).toBe(2);
    expect((await db.query(`delete from person where name like 'count%'`)).count).toBe(2);
  });

  it('keeps statements prepared by their text, and not those assembled at run time', async () => {
    const one = test.another({ connections: 1 });
    await one.query('select 1 as constant');
    await one.query('select 1 as constant');
    await one.queryOnce('select 1 as assembled');
    const { rows } = await one.queryOnce<{ statement: string }>('select statement from pg_prepared_statements');
    expect(rows).toEqual([{ statement: 'select 1 as constant' }]);
  });

  it('names constraint and code of a refused statement, never the values', async () => {
    await db.query(`insert into person values ('ada@example.com', 1)`);
    const refused = await db.query('insert into person values ($1, $2)', ['ada@example.com', 2]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SqlError);
    expect(refused).toMatchObject({ code: '23505', constraint: 'person_pkey' });
    expect(isUniqueViolation(refused, 'person_pkey')).toBe(true);
    expect(isUniqueViolation(refused, 'other')).toBe(false);
    const malformed = await db.query('select $1::int', ['ada@example.com']).catch((error: unknown) => error);
    expect([refused, malformed].map((error) => JSON.stringify(error, Object.getOwnPropertyNames(error))).join()).not.toContain('ada');
    await db.query(`delete from person`);
  });

  it('gives a statement up at its deadline, and nothing of it happened', async () => {
    const hasty = test.another({ statementTimeoutMillis: 50 });
    await expect(hasty.query(`with slept as (select pg_sleep(10)) insert into person select 'late', 1 from slept`))
      .rejects.toMatchObject({ name: 'DatabaseUnavailable', outcome: 'nothing-happened', reason: '57014' });
    expect(await names()).toEqual([]);
  });

  it('says that nothing happened when nobody answers', async () => {
    const nowhere = connect({ ...test.connection, host: '/nowhere' }, { connectTimeoutMillis: 100 });
    await expect(nowhere.query('select 1')).rejects.toMatchObject({ name: 'DatabaseUnavailable', outcome: 'nothing-happened', reason: 'ENOENT' });
    await nowhere.close();
  });

  it('waits for no free connection longer than its limit', async () => {
    const one = test.another({ connections: 1, connectTimeoutMillis: 100 });
    await one.tx(async () => {
      await expect(one.query('select 1')).rejects.toMatchObject({ name: 'DatabaseUnavailable', outcome: 'nothing-happened', reason: 'timeout' });
    });
  });

  it('does not know the outcome of a statement whose connection was lost, and repeats only what may be repeated', async () => {
    const cut = `select pg_terminate_backend(pg_backend_pid())`;
    await expect(db.query(cut)).rejects.toMatchObject({ name: 'DatabaseUnavailable', outcome: 'unknown' });

    const one = test.another({ connections: 1 });
    await db.queryOnce('create table tries (n serial); grant all on tries to public');
    // Sequences are not rolled back: the first try is counted, then cut; the second finds 2.
    const onceCut = `select case when nextval('tries_n_seq') = 1 then pg_terminate_backend(pg_backend_pid()) else true end as passed`;
    expect((await one.repeatable(onceCut)).rows).toEqual([{ passed: true }]);
  });
});

describe('a transaction', () => {
  it('commits when its work resolves', async () => {
    expect(await db.tx(async (tx) => (await tx.query(`insert into person values ('grace', 1)`)).count)).toBe(1);
    expect(await names()).toEqual(['grace']);
    await db.query('delete from person');
  });

  it('leaves nothing when its work throws, and gives the error on as it is', async () => {
    const wish = new Error('no');
    await expect(db.tx(async (tx) => {
      await tx.query(`insert into person values ('grace', 1)`);
      throw wish;
    })).rejects.toBe(wish);
    expect(await names()).toEqual([]);
  });

  it('does not pass for committed when a failed statement in it was swallowed', async () => {
    await expect(db.tx(async (tx) => {
      await tx.query(`insert into person values ('grace', 1)`);
      await tx.query('select 1 / 0').catch(() => undefined);
    })).rejects.toThrow('rolled back');
    expect(await names()).toEqual([]);
  });

  it('surely changed nothing when its connection is lost before the commit, and the pool goes on', async () => {
    await expect(db.tx(async (tx) => {
      await tx.query(`insert into person values ('grace', 1)`);
      await db.query('select pg_terminate_backend($1)', [await backendOf(tx)]);
      await tx.query('select 1');
    })).rejects.toMatchObject({ name: 'DatabaseUnavailable', outcome: 'nothing-happened' });
    expect(await names()).toEqual([]);
  });

  it('does not know the outcome when its connection is lost at the commit', async () => {
    await expect(db.tx(async (tx) => {
      await tx.query(`insert into person values ('grace', 1)`);
      await db.query('select pg_terminate_backend($1)', [await backendOf(tx)]);
    })).rejects.toMatchObject({ name: 'DatabaseUnavailable', outcome: 'unknown' });
  });

  it('is found behind the opaque one of a port only while it is open', async () => {
    const tx = await db.tx(async (open) => {
      const opaque: { readonly transaction: symbol } = open;
      expect(txOf(opaque)).toBe(open);
      return opaque;
    });
    expect(() => txOf(tx)).toThrow(TypeError);
  });
});

describe('listening', () => {
  it('hears what others notify, also after its connection was lost', async () => {
    let heard = 0;
    let wake = () => undefined as void;
    const next = () => new Promise<void>((resolve) => { wake = resolve; });
    const connected = next();
    const stop = listen(db, 'rollcall_test', () => { heard += 1; wake(); });
    await connected;
    const notified = next();
    await db.query(`select pg_notify('rollcall_test', '')`);
    await notified;
    const again = next();
    await db.query(`select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen "rollcall_test"'`);
    await again;
    const notifiedAgain = next();
    await db.query(`select pg_notify('rollcall_test', '')`);
    await notifiedAgain;
    await stop();
    expect(heard).toBe(4);
  });

  it('ends when it is told to, whatever it is about: also on the way to its connection', async () => {
    for (let turns = 0; turns < 30; turns++) {
      const stop = listen(db, 'rollcall_test', () => {});
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      await stop();
    }
    const { rows } = await db.queryOnce(`select from pg_stat_activity where query = 'listen "rollcall_test"' and state = 'idle'`);
    expect(rows).toEqual([]);
  });
});
