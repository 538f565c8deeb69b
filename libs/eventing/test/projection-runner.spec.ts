import { afterEach, describe, expect, it } from '@jest/globals';

import { definitionsOf, listReadModels, NO_STREAM, readModel, runSubscription } from '../src/index.js';
import { by, counted } from './events.js';
import { joined, left, renamed, scene as newScene, subjectOf } from './projection-scene.js';

let stopAll = async (): Promise<unknown> => undefined;
afterEach(() => stopAll());
const scene = () => {
  const s = newScene();
  stopAll = s.stopAll;
  return s;
};

describe('a read model', () => {
  it('has its table before anything has happened', async () => {
    const { run, names } = scene();
    const runner = await run([1]);
    expect(runner.serving('test_members')).toEqual({ version: 1, tableName: 'test_members_v1' });
    expect(await runner.whenCaughtUp('test_members')).toEqual({ tableName: 'test_members_v1', fresh: true });
    expect(await names('test_members_v1')).toEqual([]);
  });

  it('shows a query every write that was acknowledged before it began', async () => {
    const { run, join, happen, names } = scene();
    const runner = await run([1]);
    await join('ada', 'eve');
    await happen('eve', renamed({ at: 2 }, { name: 'Eva' }));
    expect(await runner.whenCaughtUp('test_members')).toMatchObject({ fresh: true });
    expect(await names('test_members_v1')).toEqual(['ADA', 'Eva']);
    await happen('ada', left({ at: 3 }));
    await runner.whenCaughtUp('test_members');
    expect(await names('test_members_v1')).toEqual(['Eva']);
    expect(runner.staleReads()).toBe(0);
  });

  it('passes events of other streams, so that no query waits for them', async () => {
    const { run, elsewhere, time } = scene();
    const runner = await run([1]);
    await elsewhere();
    const before = time.now();
    expect(await runner.whenCaughtUp('test_members')).toMatchObject({ fresh: true });
    expect(time.now() - before).toBeLessThan(100);
  });

  it('answers after two seconds even so while a long transaction of somebody else is open, and counts it', async () => {
    const { run, join, store, time, names } = scene();
    const runner = await run([1]);
    const release = store.hold();
    await join('ada');
    const before = time.now();
    expect(await runner.whenCaughtUp('test_members')).toEqual({ tableName: 'test_members_v1', fresh: false });
    expect(time.now() - before).toBe(2_000);
    expect(runner.staleReads()).toBe(1);
    release();
    expect(await runner.whenCaughtUp('test_members')).toMatchObject({ fresh: true });
    expect(await names('test_members_v1')).toEqual(['ADA']);
    expect(runner.staleReads()).toBe(1);
  });

  it('waits as long as it is told', async () => {
    const { run, join, store, time } = scene();
    const runner = await run([1]);
    store.hold();
    await join('ada');
    const before = time.now();
    await runner.whenCaughtUp('test_members', 300);
    expect(time.now() - before).toBe(300);
  });

  it('has null where an erased person was', async () => {
    const { run, join, store, names } = scene();
    await join('ada', 'eve');
    await store.destroyPerson(subjectOf('ada'));
    const runner = await run([1]);
    await runner.whenCaughtUp('test_members');
    expect(await names('test_members_v1')).toEqual([null, 'EVE']);
  });

  it('gives a projection where and when an event happened, and who caused it', async () => {
    const { store, model, happen, time } = scene();
    const seen: unknown[] = [];
    const table = { create: async () => {}, open: () => ({}), drop: async () => {}, digest: async () => ({ rows: 0, hash: '' }) };
    const spy = readModel({
      name: 'spy', version: 1, kind: 'per-stream', prefixes: ['test.'], definitions: definitionsOf({ joined }), on: { 'test.member.joined': (event) => void seen.push(event) },
    }, table);
    await happen('ada', joined({ at: 1 }, { name: 'Ada' }));
    const { events } = await store.readAll({ prefixes: model(1).prefixes, limit: 1 });
    await store.transaction((tx) => spy.apply(events, tx, 'spy_v1'));
    expect(seen).toEqual([{
      ...joined({ at: 1 }, { name: 'Ada' }), id: events[0]?.id, stream: 'test.member-us-east-1_abc.ada', subject: subjectOf('ada'),
      recordedAt: time.now(), position: await store.head(), correlationId: 'call 1', operation: 'Test',
    }]);
  });

  it('stops at a stored event that this release does not know, and says so', async () => {
    const { run, join, store, until, names } = scene();
    const stopped: string[] = [];
    const runner = await run([1], { onStopped: (tableName, { name }) => void stopped.push(`${tableName}: ${name}`) });
    await join('ada');
    await store.append('test.member-us-east-1_abc.x', NO_STREAM, [counted(1)], by);
    await join('eve');
    await until(() => stopped.length > 0);
    expect(stopped).toEqual(['test_members_v1: UnknownStoredEvent']);
    expect(runner.stopped()).toEqual(['test_members_v1']);
    expect(await names('test_members_v1')).toEqual(['ADA']);
    expect(await runner.whenCaughtUp('test_members')).toMatchObject({ fresh: false });
  });

  it('is kept once by two processes, and both see their own writes', async () => {
    const { run, join, names } = scene();
    const [one, two] = [await run([1]), await run([1])];
    await join('ada', 'eve');
    expect([await one.whenCaughtUp('test_members'), await two.whenCaughtUp('test_members')]).toMatchObject([{ fresh: true }, { fresh: true }]);
    expect(await names('test_members_v1')).toEqual(['ADA', 'EVE']);
    expect([...await one.list(), ...await two.list()].map(({ status }) => status).sort()).toEqual(['running', 'waiting']);
  });

  it('is created though another process creates it at the same moment', async () => {
    const { run, store } = scene();
    let races = 1;
    const runner = await run([1], { transactions: { ...store, transaction: (work) => (races-- > 0 ? Promise.reject(new Error('duplicate key')) : store.transaction(work)) } });
    expect(await runner.whenCaughtUp('test_members')).toMatchObject({ fresh: true });
  });

  it('that cannot be created is an error of the start', async () => {
    const { run, store } = scene();
    await expect(run([1], { transactions: { ...store, transaction: () => Promise.reject(new Error('no space')) } })).rejects.toThrow('no space');
  });

  it('is declared once, and asked for by its name', async () => {
    const { run } = scene();
    await expect(run([1, 1])).rejects.toThrow('test_members_v1 is declared twice');
    const runner = await run([1]);
    expect(() => runner.serving('test_users')).toThrow(RangeError);
    expect(() => runner.verify('test_members', 2)).toThrow('there is no version 2 of test_members');
  });
});

describe('a new version of a read model', () => {
  const subs = Array.from({ length: 20 }, (_, n) => `m${String(n).padStart(2, '0')}`);

  it('is filled beside the old one, which serves until then', async () => {
    const { run, join, names, until, store } = scene();
    await join(...subs);
    const old = await run([1]);
    await old.whenCaughtUp('test_members');
    await old.stop();
    const release = store.hold();
    await join('new');
    const both = await run([1, 2], { batch: 5 });
    await until(async () => (await names('test_members_v2')).length === subs.length);
    expect(both.serving('test_members').version).toBe(1);
    release();
    await until(() => both.serving('test_members').version === 2);
    expect(both.serving('test_members').tableName).toBe('test_members_v2');
    expect(await names('test_members_v2')).toEqual(await names('test_members_v1'));
    expect(await store.serving('test_members')).toBe(2);
  });

  it('need not catch up with what is written after it began', async () => {
    const { run, join, until, store } = scene();
    await join(...subs);
    const runner = await run([1, 2], { batch: 1 });
    store.hold();
    await join('late');
    await until(() => runner.serving('test_members').version === 2);
    expect(await runner.whenCaughtUp('test_members', 100)).toEqual({ tableName: 'test_members_v2', fresh: false });
  });

  it('serves at once where nothing has happened yet', async () => {
    const { run, until, time } = scene();
    const before = time.now();
    const runner = await run([1, 2]);
    await until(() => runner.serving('test_members').version === 2);
    expect(time.now() - before).toBeLessThan(10);
  });

  it('still serves after a restart, while the old one is kept up to date beside it', async () => {
    const { run, join, names, until } = scene();
    await join(...subs);
    const runner = await run([1, 2]);
    await until(() => runner.serving('test_members').version === 2);
    await runner.stop();
    const again = await run([1, 2]);
    expect(again.serving('test_members').version).toBe(2);
    await join('late');
    await again.whenCaughtUp('test_members');
    await until(async () => (await names('test_members_v1')).length === subs.length + 1);
  });

  it('leaves an older release to the newest version that it knows, and is not switched back by it', async () => {
    const { run, until, store } = scene();
    const runner = await run([1, 2, 3]);
    await until(() => runner.serving('test_members').version === 3);
    await runner.stop();
    expect((await run([1, 2])).serving('test_members').version).toBe(2);
    expect(await store.serving('test_members')).toBe(3);
  });

  it('serves from the start where the old one is no longer declared', async () => {
    const { run, join } = scene();
    await (await run([1])).stop();
    await join('ada');
    expect((await run([2, 3])).serving('test_members').version).toBe(2);
  });

  it('is filled in chunks that hold up nobody: an event is delivered elsewhere before the second next chunk commits', async () => {
    const { run, join, store, time, log, elsewhere, until, names } = scene();
    await join(...subs);
    const chunksBefore: number[] = [];
    let chunks = 0;
    const counting: typeof store = {
      ...store,
      async commit(lease, position, work) {
        await store.commit(lease, position, async (tx) => {
          await work(tx);
          await time.pause(50).over; // a chunk takes its time
        });
        if (lease.name === 'test_members_v2') chunks += 1;
      },
    };
    const other = runSubscription({
      store, checkpoints: store, name: 'other', prefixes: ['other.'], log, time, handle: async () => void chunksBefore.push(chunks),
    });
    await run([2], { checkpoints: counting, batch: 2 });
    await until(() => chunks === 3);
    await elsewhere();
    await until(() => chunksBefore.length === 1);
    expect(chunksBefore[0]).toBeLessThan(5);
    await until(async () => (await names('test_members_v2')).length === subs.length);
    await other.stop();
  });

  it('does not serve when it stopped half-way', async () => {
    const { run, join, store, until } = scene();
    await join('ada');
    const runner = await run([1]);
    await runner.whenCaughtUp('test_members');
    await runner.stop();
    store.tamper('test.member-us-east-1_abc.ada', 0);
    const both = await run([1, 2]);
    await until(() => both.stopped().length > 0);
    expect(both.stopped()).toEqual(['test_members_v2']);
    expect(both.serving('test_members').version).toBe(1);
  });

  it('is switched to though the store is away for a while', async () => {
    const { run, until, store, log } = scene();
    let failures = 2;
    const runner = await run([1, 2], { versions: { ...store, switchTo: (name, version) => (failures-- > 0 ? Promise.reject(new Error('away')) : store.switchTo(name, version)) } });
    await until(() => runner.serving('test_members').version === 2);
    expect(await store.serving('test_members')).toBe(2);
    expect(log.messages('warn')).toHaveLength(2);
  });
});

describe('versions that no release declares any more', () => {
  it('are dropped when asked for alone, with their progress', async () => {
    const { run, join, until, store, names } = scene();
    await join('ada');
    const old = await run([1, 2, 3]);
    await until(() => old.serving('test_members').version === 3);
    await old.stop();
    const runner = await run([2, 3]);
    expect(store.tableNames()).toContain('test_members_v1');
    expect(await runner.dropRetired()).toEqual(['test_members_v1']);
    expect(store.tableNames()).toEqual(['test_members_v2', 'test_members_v3']);
    await runner.stop();
    const back = await run([1, 2, 3]);
    await until(async () => (await names('test_members_v1')).length === 1);
    expect(back.serving('test_members').version).toBe(3);
  });

  it('are none while all are declared', async () => {
    const { run, store } = scene();
    await (await run([1])).stop();
    const runner = await run([1, 2]);
    expect(await runner.dropRetired()).toEqual([]);
    expect(store.tableNames()).toContain('test_members_v1');
  });
});

describe('the list of read models', () => {
  it('says for each version how far it is and what it does', async () => {
    const { run, join, store, time, until, model } = scene();
    await join('ada');
    const runner = await run([1, 2]);
    await until(() => runner.serving('test_members').version === 2);
    await runner.whenCaughtUp('test_members');
    const position = await store.head();
    const release = store.hold();
    await join('eve');
    await time.pause(3_000).over;
    release();
    const seen = { name: 'test_members', position, lagMillis: expect.any(Number), status: 'running' };
    const both = [{ ...seen, version: 1, tableName: 'test_members_v1', serving: false }, { ...seen, version: 2, tableName: 'test_members_v2', serving: true }];
    expect(await runner.list()).toEqual(both);
    expect(await listReadModels({ store, checkpoints: store, versions: store, time }, [model(1), model(2)])).toMatchObject(both.map(({ status: _, ...facts }) => facts));
    expect((await runner.list()).every(({ lagMillis }) => lagMillis! >= 3_000)).toBe(true);
    await runner.whenCaughtUp('test_members');
    expect((await runner.list())[1]).toMatchObject({ lagMillis: 0, position: await store.head() });
  });

  it('has no lag to tell where the next event cannot be read', async () => {
    const { run, join, store, until } = scene();
    await join('ada');
    store.tamper('test.member-us-east-1_abc.ada', 0);
    const runner = await run([1]);
    await until(() => runner.stopped().length > 0);
    expect(await runner.list()).toMatchObject([{ status: 'stopped', lagMillis: undefined, position: undefined }]);
  });
});
