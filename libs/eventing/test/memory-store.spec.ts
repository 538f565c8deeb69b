import { describe, expect, it } from '@jest/globals';
import type { EventId } from '@rollcall/kernel';

import { NO_STREAM, type Claim } from '../src/index.js';
import { memoryStore, virtualTime } from '../src/testing/index.js';
import { by, counted, subject } from './events.js';

const claim = (valueHash: string, owner: string, kind = 'username'): Claim => ({ namespace: 'names/us-east-1_abc', valueHash, owner, kind, claimId: `claim of ${owner}` });

describe('the memory store', () => {
  it('gives back what was appended, as it was', async () => {
    const time = virtualTime();
    const store = memoryStore({ now: () => time.now() });
    const event = { ...counted(1), personal: { name: 'Ada' }, subject };
    const { revision, position } = await store.append('test.a', NO_STREAM, [event], by);
    const stored = { stream: 'test.a', revision: 0, ...event, meta: by.meta, recordedAt: time.now(), position };
    expect(revision).toBe(0);
    expect(await store.read('test.a')).toEqual({ events: [stored], revision: 0 });
    expect(await store.readAll({ prefixes: ['test.'], limit: 10 })).toEqual({ events: [stored], next: position });
  });

  it('shares nothing with its callers', async () => {
    const store = memoryStore();
    const data = { list: [1] };
    await store.append('test.a', NO_STREAM, [{ ...counted(1), data }], by);
    data.list.push(2);
    const [first] = (await store.read('test.a')).events;
    (first!.data as typeof data).list.push(3);
    expect((await store.read('test.a')).events[0]?.data).toEqual({ list: [1] });
  });

  it('knows a stream that is not there as empty', async () => expect(await memoryStore().read('test.a')).toEqual({ events: [], revision: NO_STREAM }));

  it('reads a part of a stream', async () => {
    const store = memoryStore();
    await store.append('test.a', NO_STREAM, [1, 2, 3, 4].map(counted), by);
    const { events, revision } = await store.read('test.a', { from: 1, max: 2 });
    expect(events.map((event) => event.revision)).toEqual([1, 2]);
    expect(revision).toBe(3);
  });

  it.each([-1, 0, 2])('refuses an append that expects revision %i of a stream at 1', async (expected) => {
    const store = memoryStore();
    await store.append('test.a', NO_STREAM, [counted(1), counted(2)], by);
    await expect(store.append('test.a', expected, [counted(3)], by)).rejects.toMatchObject({ name: 'WrongRevision', stream: 'test.a', actual: 1 });
    expect((await store.read('test.a')).events).toHaveLength(2);
  });

  it('answers a repeated append as the first time, and appends nothing', async () => {
    const store = memoryStore();
    const events = [counted(1), counted(2)];
    const options = { ...by, claims: { take: [claim('1', 'ada')] } };
    const first = await store.append('test.a', NO_STREAM, events, options);
    await store.append('test.a', 1, [counted(3)], by);
    expect(await store.append('test.a', NO_STREAM, events, options)).toEqual(first);
    expect((await store.read('test.a')).revision).toBe(2);
  });

  it('takes a part of a repeat for a conflict', async () => {
    const store = memoryStore();
    const [one, two] = [counted(1), counted(2)];
    await store.append('test.a', NO_STREAM, [one], by);
    await expect(store.append('test.a', NO_STREAM, [one, two], by)).rejects.toMatchObject({ name: 'WrongRevision' });
  });

  it('refuses more than 1 MiB, whatever it consists of', async () => {
    const store = memoryStore();
    const half = 'x'.repeat(512 * 1024);
    await store.append('test.a', NO_STREAM, [{ ...counted(1), data: half }], by);
    await expect(store.append('test.a', 0, [{ ...counted(2), data: half, personal: half, subject }], by)).rejects.toMatchObject({ name: 'EventTooLarge' });
    await expect(store.append('test.a', 0, [{ ...counted(2), data: half }, { ...counted(3), data: half }], by)).rejects.toMatchObject({ name: 'EventTooLarge' });
  });

  it('refuses an append without events, and a personal part without a person', async () => {
    const store = memoryStore();
    await expect(store.append('test.a', NO_STREAM, [], by)).rejects.toThrow(RangeError);
    await expect(store.append('test.a', NO_STREAM, [{ ...counted(1), personal: 'Ada' }], by)).rejects.toThrow(TypeError);
  });

  it('goes through the log in pieces, past what is filtered', async () => {
    const store = memoryStore();
    for (const stream of ['test.a', 'other.a', 'test.b', 'more.a', 'other.b']) await store.append(stream, NO_STREAM, [counted(1)], by);
    const one = await store.readAll({ prefixes: ['test.', 'more.'], limit: 2 });
    expect(one.events.map(({ stream }) => stream)).toEqual(['test.a', 'test.b']);
    const two = await store.readAll({ after: one.next, prefixes: ['test.', 'more.'], limit: 2 });
    expect(two.events.map(({ stream }) => stream)).toEqual(['more.a']);
    expect(two.next).toBe(await store.head());
    expect(await store.readAll({ after: two.next, prefixes: ['test.'], limit: 2 })).toEqual({ events: [], next: two.next });
    expect(store.compare(one.next!, two.next!)).toBeLessThan(0);
  });

  it('hides what follows a transaction that is open, from readers of the log alone', async () => {
    const store = memoryStore();
    const release = store.hold();
    const { position } = await store.append('test.a', NO_STREAM, [counted(1)], by);
    expect(await store.readAll({ prefixes: ['test.'], limit: 1 })).toEqual({ events: [], next: undefined });
    expect(await store.head()).toBe(position);
    expect((await store.read('test.a')).events).toHaveLength(1);
    release();
    expect((await store.readAll({ prefixes: ['test.'], limit: 1 })).next).toBe(position);
  });

  it('tells who listens after each append', async () => {
    const store = memoryStore();
    let told = 0;
    const forget = store.onAppend(() => { told += 1; });
    await store.append('test.a', NO_STREAM, [counted(1)], by);
    forget();
    await store.append('test.a', 0, [counted(2)], by);
    expect(told).toBe(1);
  });

  it.each([['before', NO_STREAM], ['after', 0]] as const)('loses the answer of an append %s it took effect', async (when, revision) => {
    const store = memoryStore();
    store.failNextAppend(when);
    const event = counted(1);
    await expect(store.append('test.a', NO_STREAM, [event], by)).rejects.toMatchObject({ name: 'StoreUnavailable', outcome: 'unknown' });
    expect((await store.read('test.a')).revision).toBe(revision);
    expect((await store.append('test.a', NO_STREAM, [event], by)).revision).toBe(0);
  });

  it('stops readers at an event that was tampered with', async () => {
    const store = memoryStore();
    await store.append('test.a', NO_STREAM, [counted(1), counted(2)], by);
    store.tamper('test.a', 1);
    await expect(store.read('test.a')).rejects.toMatchObject({ name: 'TamperedEvent', stream: 'test.a', revision: 1 });
    await expect(store.readAll({ prefixes: [''], limit: 5 })).rejects.toMatchObject({ name: 'TamperedEvent' });
    expect((await store.read('test.a', { max: 1 })).events).toHaveLength(1);
    expect(() => store.tamper('test.a', 7)).toThrow(RangeError);
  });
});

describe('claims of the memory store', () => {
  it('are unique whatever their kind, and change with the append or not at all', async () => {
    const store = memoryStore();
    await store.append('test.ada', NO_STREAM, [counted(1)], { ...by, claims: { take: [claim('1', 'ada')] } });
    const both = { ...by, claims: { take: [claim('2', 'eve'), claim('1', 'eve', 'email')] } };
    await expect(store.append('test.eve', NO_STREAM, [counted(1)], both)).rejects.toMatchObject({ name: 'ClaimTaken', kind: 'email' });
    expect(await store.find(claim('1', ''))).toEqual({ kind: 'username', owner: 'ada' });
    expect(await store.find(claim('2', ''))).toBeUndefined();
    expect((await store.read('test.eve')).revision).toBe(NO_STREAM);
  });

  it('are released by their owner alone, and can pass to another one in the same append', async () => {
    const store = memoryStore();
    await store.append('test.ada', NO_STREAM, [counted(1)], { ...by, claims: { take: [claim('1', 'ada'), claim('2', 'ada')] } });
    await store.append('test.ada', 0, [counted(1)], { ...by, claims: { release: [claim('1', 'eve'), claim('3', 'eve')] } });
    expect(await store.find(claim('1', ''))).toMatchObject({ owner: 'ada' });
    await store.append('test.ada', 1, [counted(1)], { ...by, claims: { release: [claim('1', 'ada'), claim('2', 'ada')], take: [claim('2', 'eve')] } });
    expect(await store.find(claim('1', ''))).toBeUndefined();
    expect(await store.find(claim('2', ''))).toMatchObject({ owner: 'eve' });
  });

  it('cannot go to two owners in one append', async () => {
    const twice = { ...by, claims: { take: [claim('1', 'ada'), claim('1', 'eve', 'email')] } };
    await expect(memoryStore().append('test.a', NO_STREAM, [counted(1)], twice)).rejects.toMatchObject({ name: 'ClaimTaken', kind: 'email' });
  });
});

describe('erasure in the memory store', () => {
  const eve = { ...subject, sub: 'eve' };
  const setting = async () => {
    const store = memoryStore();
    const events = [subject, eve].map((each) => ({ ...counted(1), personal: { name: each.sub }, subject: each }));
    await store.append('test.a', NO_STREAM, [...events, counted(2)], by);
    return { store, personal: async () => (await store.read('test.a')).events.map((event) => event.personal) };
  };

  it('leaves null where the person was, and everybody else as they were', async () => {
    const { store, personal } = await setting();
    await store.destroyPerson(subject);
    expect(await personal()).toEqual([null, { name: 'eve' }, undefined]);
  });

  it('of a pool takes all of its people', async () => {
    const { store, personal } = await setting();
    await store.destroyPool('us-east-1_other');
    expect(await personal()).toEqual([{ name: 'ada' }, { name: 'eve' }, undefined]);
    await store.destroyPool(subject.poolId);
    expect(await personal()).toEqual([null, null, undefined]);
  });
});

describe('progress in the memory store', () => {
  const setting = async () => {
    const time = virtualTime();
    const store = memoryStore({ now: () => time.now() });
    const { position } = await store.append('test.a', NO_STREAM, [counted(1)], by);
    await store.transaction(async (tx) => store.createTable(tx, 'rows'));
    const rows = (name = 'rows') => store.snapshot(async (tx) => store.rows(tx, name).entries());
    return { time, store, position, rows };
  };

  it('belongs to the holder of the lease, until it runs out', async () => {
    const { time, store } = await setting();
    const lease = (await store.acquire('reader', 1_000))!;
    expect(await store.acquire('reader', 1_000)).toBeUndefined();
    await time.pause(600).over;
    expect(await store.renew(lease, 1_000)).toBe(true);
    await time.pause(600).over;
    expect(await store.acquire('reader', 1_000)).toBeUndefined();
    await time.pause(600).over;
    const second = (await store.acquire('reader', 1_000))!;
    expect(second.owner).not.toBe(lease.owner);
    expect(await store.renew(lease, 1_000)).toBe(false);
    await store.release(lease);
    expect(await store.renew(second, 1_000)).toBe(true);
    await store.release(second);
    expect(await store.acquire('reader', 1_000)).toBeDefined();
  });

  it('moves together with the rows', async () => {
    const { store, position, rows } = await setting();
    const lease = (await store.acquire('reader', 1_000))!;
    await store.commit(lease, position, async (tx) => store.rows(tx, 'rows').put('a', 1));
    expect(await store.position('reader')).toBe(position);
    expect(await rows()).toEqual([['a', 1]]);
  });

  it.each([
    ['the work fails', 'no', async () => { throw new Error('no'); }],
    ['the lease is lost meanwhile', 'lease of reader is lost', async (store: ReturnType<typeof memoryStore>) => store.transaction((tx) => store.forget('reader', tx))],
  ])('moves not at all, nor do the rows, when %s', async (_when, message, work) => {
    const { store, position, rows } = await setting();
    const lease = (await store.acquire('reader', 1_000))!;
    await expect(store.commit(lease, position, async (tx) => {
      store.rows(tx, 'rows').put('a', 1);
      await work(store);
    })).rejects.toThrow(message);
    expect(await store.position('reader')).toBeUndefined();
    expect(await rows()).toEqual([]);
  });

  it('cannot be changed by who has no lease', async () => {
    const { store, position } = await setting();
    const lease = (await store.acquire('reader', 1_000))!;
    await store.release(lease);
    await expect(store.commit(lease, position, async () => {})).rejects.toMatchObject({ name: 'LeaseLost', subscription: 'reader' });
  });

  it('shows a snapshot one moment, and lets it write nothing', async () => {
    const { store, position } = await setting();
    const lease = (await store.acquire('reader', 1_000))!;
    await store.snapshot(async (tx) => {
      await store.commit(lease, position, async (other) => store.rows(other, 'rows').put('a', 1));
      expect(await store.position('reader', tx)).toBeUndefined();
      expect(store.rows(tx, 'rows').entries()).toEqual([]);
      expect(() => store.rows(tx, 'rows').put('b', 1)).toThrow(TypeError);
      expect(() => store.createTable(tx, 'more')).toThrow(TypeError);
    });
  });

  it('reads in a transaction what it wrote, row by row', async () => {
    const { store, rows } = await setting();
    await store.transaction(async (tx) => {
      const mine = store.rows<number>(tx, 'rows');
      mine.put('b', 1);
      mine.put('a', 2);
      mine.put('c', 3);
      mine.delete('c');
      await store.transaction(async (other) => store.rows(other, 'rows').put('d', 4));
      expect(mine.get('a')).toBe(2);
      expect(mine.get('c')).toBeUndefined();
      expect(mine.entries()).toEqual([['a', 2], ['b', 1], ['d', 4]]);
    });
    expect(await rows()).toEqual([['a', 2], ['b', 1], ['d', 4]]);
  });

  it('makes and drops tables with the transaction', async () => {
    const { store, rows } = await setting();
    await expect(store.transaction(async (tx) => {
      store.createTable(tx, 'more');
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(store.tableNames()).toEqual(['rows']);
    await store.transaction(async (tx) => {
      store.createTable(tx, 'rows');
      store.createTable(tx, 'more');
      store.rows(tx, 'more').put('a', 1);
    });
    expect(await rows('more')).toEqual([['a', 1]]);
    await store.transaction(async (tx) => {
      store.dropTable(tx, 'more');
      store.createTable(tx, 'more');
      store.rows(tx, 'more').put('b', 2);
    });
    expect(await rows('more')).toEqual([['b', 2]]);
    await store.transaction(async (tx) => store.dropTable(tx, 'more'));
    expect(store.tableNames()).toEqual(['rows']);
    await expect(rows('more')).rejects.toThrow(RangeError);
  });

  it('begins anew where it is forgotten', async () => {
    const { store, position } = await setting();
    const lease = (await store.acquire('reader', 1_000))!;
    await store.commit(lease, position, async () => {});
    await store.transaction((tx) => store.forget('reader', tx));
    expect((await store.acquire('reader', 1_000))?.position).toBeUndefined();
  });

  it('takes an event for a consumer once, unless that is rolled back', async () => {
    const { store } = await setting();
    const take = (consumer: string, id: EventId) => store.transaction((tx) => store.firstTime(tx, consumer, id));
    const { id } = counted(1);
    await expect(store.transaction(async (tx) => {
      await store.firstTime(tx, 'one', id);
      throw new Error('no');
    })).rejects.toThrow('no');
    expect([await take('one', id), await take('one', id), await take('two', id)]).toEqual([true, false, true]);
  });

  it('never switches a read model back', async () => {
    const { store } = await setting();
    expect(await store.serving('users')).toBeUndefined();
    await store.switchTo('users', 2);
    await store.switchTo('users', 1);
    expect(await store.serving('users')).toBe(2);
  });
});
