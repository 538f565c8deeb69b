import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_STREAM, type NewEvent } from '@rollcall/eventing';
import { by, fresh } from '@rollcall/eventing/testing';
import { DatabaseUnavailable, type Database } from '@rollcall/platform-postgres';

import { postgresServiceStore, prepareSchema } from '../src/index.js';
import { postgresUnderTest, provider, type PostgresUnderTest } from './postgres-under-test.js';

let test: PostgresUnderTest;
let db: Database;
let streams = 0;
const newStream = () => `log.stream-${(streams += 1)}`;
const append = (stream: string, expected: number, ...events: NewEvent[]) => test.events.append(stream, expected, events, by);

beforeAll(async () => {
  test = await postgresUnderTest();
  db = test.database.db;
}, 60_000);
afterAll(() => test.close());

describe('the order of the log', () => {
  it('lets nobody read past a transaction that is open, and then shows it in its place', async () => {
    const [early, late] = [newStream(), newStream()];
    const after = await test.events.head();
    const read = async () => (await test.events.readAll({ after, prefixes: ['log.'], limit: 10 })).events.map(({ stream }) => stream);
    await db.tx(async (open) => {
      await open.query('select pg_current_xact_id()');
      const inTransaction: Database = { ...db, query: open.query };
      await postgresServiceStore({ db: inTransaction, service: 'contract', provider, shared: false }).events.append(early, NO_STREAM, [fresh()], by);
      const { position } = await append(late, NO_STREAM, fresh());
      expect(await test.events.head()).toBe(position);
      expect(await read()).toEqual([]);
    });
    expect(await read()).toEqual([early, late]);
  });

  it('keeps an event from a transaction older than the one before it in its stream: it is appended in a new one', async () => {
    const stream = newStream();
    await append(stream, NO_STREAM, fresh());
    const statuses: unknown[] = [];
    await db.session(async (old) => {
      let beforeCommit = Promise.resolve();
      let appended: ReturnType<typeof append> | undefined;
      await old.tx(async (open) => {
        await open.query('select pg_current_xact_id()');
        await append(stream, 0, fresh());
        await new Promise<void>((called) => {
          let calls = 0;
          const reluctant: Database = {
            ...db,
            async query<Row>(text: string, values?: readonly unknown[]) {
              if (!text.includes('.append(')) return db.query<Row>(text, values);
              calls += 1;
              const result = await (calls === 1 ? open : db).query<Row>(text, values);
              statuses.push((result.rows[0] as { status: string }).status);
              called();
              return result;
            },
          };
          appended = postgresServiceStore({ db: reluctant, service: 'contract', provider, shared: false }).events.append(stream, 1, [fresh()], by);
          beforeCommit = appended.then(() => undefined);
        });
      });
      await beforeCommit;
    });
    expect(statuses).toEqual(['retry', 'appended']);
    const { events } = await test.events.read(stream);
    expect(test.events.compare(events[1]!.position, events[2]!.position)).toBeLessThan(0);
  });

  it('survives a restore into a cluster that gives out lower transaction ids', async () => {
    const restored = await postgresUnderTest('restored');
    const log = restored.events;
    const { position } = await log.append('a', NO_STREAM, [fresh({ n: 1 })], by);
    const rows = restored.database.db;
    await rows.queryOnce('update restored.event set txid = txid + 5000000');
    await rows.queryOnce('update restored.stream set txid = txid + 5000000');
    expect((await log.readAll({ prefixes: [''], limit: 10 })).events).toEqual([]);
    await prepareSchema(rows, 'restored');
    await log.append('a', 0, [fresh({ n: 2 })], by);
    const { events, next } = await log.readAll({ prefixes: [''], limit: 10 });
    expect(events.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }]);
    expect(log.compare(next!, position)).toBeGreaterThan(0);
    const base = async () => (await rows.queryOnce('select base from restored.xid_base')).rows;
    const once = await base();
    await prepareSchema(rows, 'restored');
    expect(await base()).toEqual(once);
    await restored.close();
  });
});

describe('a change from outside', () => {
  it.each([
    ['the data', `data = '{"n":2}'`],
    ['the white space of the data', `data = '{"n": 1}'`],
    ['the type', `type = 'test.else'`],
    ['the version', 'version = 2'],
    ['the id', `event_id = gen_random_uuid()`],
    ['who caused it', `meta = '{}'`],
    ['the sealed part', `personal = set_byte(personal, 20, get_byte(personal, 20) # 1)`],
    ['that there is a sealed part', 'personal = null'],
    ['whom it is about', `subject_sub = 'eve'`],
    ['the link', `prev_mac = set_byte(prev_mac, 0, get_byte(prev_mac, 0) # 1)`],
    ['the mac', `mac = set_byte(mac, 0, get_byte(mac, 0) # 1)`],
    ['its place', 'revision = 9'],
  ])('of %s is found by whoever reads it', async (_what, change) => {
    const stream = newStream();
    const about = (sub: string) => fresh({ n: 1 }, { subject: { poolId: 'p', sub }, personal: { name: sub } });
    await append(stream, NO_STREAM, about('ada'), about('ada'));
    await db.queryOnce(`update contract.event set ${change} where stream = $1 and revision = 1`, [stream]);
    const from = await test.events.read(stream, { max: 1 });
    expect(from.events).toHaveLength(1);
    await expect(test.events.read(stream)).rejects.toMatchObject({ name: 'TamperedEvent', stream, revision: 1 });
    await db.queryOnce('delete from contract.event where stream = $1', [stream]);
  });

  it('that takes an event away, or puts one of another stream in its place, is found', async () => {
    const [stream, other] = [newStream(), newStream()];
    await append(stream, NO_STREAM, fresh(), fresh(), fresh());
    await append(other, NO_STREAM, fresh(), fresh());
    await db.queryOnce('delete from contract.event where stream = $1 and revision = 1', [stream]);
    await expect(test.events.read(stream)).rejects.toMatchObject({ name: 'TamperedEvent', stream, revision: 1 });
    await db.queryOnce('update contract.event set stream = $1 where stream = $2 and revision = 1', [stream, other]);
    await expect(test.events.read(stream)).rejects.toMatchObject({ name: 'TamperedEvent', stream, revision: 1 });
    await db.queryOnce('delete from contract.event where stream = $1', [stream]);
  });

  it('that swaps the history under a running process does not make it link to what is gone', async () => {
    const stream = newStream();
    await append(stream, NO_STREAM, fresh({ n: 'old' }));
    await db.queryOnce('delete from contract.event where stream = $1', [stream]);
    await db.queryOnce('delete from contract.stream where stream = $1', [stream]);
    await test.another().events.append(stream, NO_STREAM, [fresh({ n: 'restored' })], by);
    await append(stream, 0, fresh({ n: 'new' }));
    expect((await test.another().events.read(stream)).events.map(({ data }) => data)).toEqual([{ n: 'restored' }, { n: 'new' }]);
  });
});

describe('an append whose answer is lost', () => {
  const losing = (lose: (call: number) => 'before' | 'after' | undefined) => {
    let calls = 0;
    const lossy: Database = {
      ...db,
      async query<Row>(text: string, values?: readonly unknown[]) {
        if (!text.includes('.append(')) return db.query<Row>(text, values);
        calls += 1;
        const when = lose(calls);
        if (when === 'before') throw new DatabaseUnavailable('nothing-happened', 'test');
        const result = await db.query<Row>(text, values);
        if (when === 'after') throw new DatabaseUnavailable('unknown', 'test');
        return result;
      },
    };
    return postgresServiceStore({ db: lossy, service: 'contract', provider, shared: false }).events;
  };

  it('is sent again, and stored once', async () => {
    const stream = newStream();
    const event = fresh();
    expect(await losing((call) => (call === 1 ? 'after' : undefined)).append(stream, NO_STREAM, [event], by)).toMatchObject({ revision: 0 });
    expect((await test.events.read(stream)).events.map(({ id }) => id)).toEqual([event.id]);
  });

  it('has an unknown outcome if the database stays away', async () => {
    await expect(losing((call) => (call === 1 ? 'after' : 'before')).append(newStream(), NO_STREAM, [fresh()], by))
      .rejects.toMatchObject({ name: 'StoreUnavailable', outcome: 'unknown' });
  });

  it('did not happen if it never went out', async () => {
    await expect(losing(() => 'before').append(newStream(), NO_STREAM, [fresh()], by)).rejects.toMatchObject({ name: 'StoreUnavailable', outcome: 'nothing-happened' });
  });
});

describe('a log that processes share', () => {
  it('wakes the readers of all of them', async () => {
    const needs = { service: 'contract', provider, shared: true };
    const [writer, reader] = [postgresServiceStore({ ...needs, db: test.database.another() }), postgresServiceStore({ ...needs, db: test.database.another() })];
    let heard = 0;
    let wake = () => {};
    const woken = () => new Promise<void>((resolve) => { wake = resolve; });
    const listening = woken();
    reader.events.onAppend(() => {
      heard += 1;
      wake();
    });
    await listening;
    const notified = woken();
    await writer.events.append(newStream(), NO_STREAM, [fresh()], by);
    await notified;
    expect(heard).toBe(2);
    await Promise.all([writer.close(), reader.close()]);
  });
});
