import { afterEach, describe, expect, it } from '@jest/globals';

import { runSubscription, UnknownStoredEvent, type StoredEvent, type Subscription, type SubscriptionOptions, type Transaction } from '../src/index.js';
import { memoryStore, recordingLog, virtualTime } from '../src/testing/index.js';
import { count } from './events.js';

const running: Subscription[] = [];
afterEach(() => Promise.all(running.splice(0).map((subscription) => subscription.stop())));

function scene() {
  const time = virtualTime();
  const store = memoryStore({ now: () => time.now() });
  const log = recordingLog();
  const handled: number[] = [];
  const batches: number[][] = [];
  /** Numbers by what handling them does, each time it is tried. */
  const trouble = new Map<number, () => Promise<void> | void>();
  const tries: number[] = [];
  const handle = async (events: readonly StoredEvent[]) => {
    const numbers = events.map(({ data }) => (data as { n: number }).n);
    for (const n of numbers) {
      tries.push(n);
      await trouble.get(n)?.();
    }
    batches.push(numbers);
    handled.push(...numbers);
  };
  const start = (options: Partial<SubscriptionOptions> = {}) => {
    const subscription = runSubscription({ store, checkpoints: store, name: 'test.reader', prefixes: ['test.'], handle, log, time, ...options });
    running.push(subscription);
    return subscription;
  };
  const caughtUp = async (subscription: Subscription) => {
    const head = await store.head();
    return head === undefined || subscription.caughtUp(head, 60_000);
  };
  /** Fails after a minute of the scene's time. */
  const until = async (done: () => boolean) => {
    const end = time.now() + 60_000;
    while (!done()) {
      if (time.now() > end) throw new Error('it never came to that');
      await time.pause(1).over;
    }
  };
  return { time, store, log, handled, batches, trouble, tries, start, caughtUp, until };
}

describe('a subscription', () => {
  it('hands over every event of its prefixes once, in commit order', async () => {
    const { store, start, handled, caughtUp } = scene();
    await count(store, 'test.a', 1, 2);
    await count(store, 'other.a', 99);
    const reader = start();
    expect(await caughtUp(reader)).toBe(true);
    await count(store, 'test.b', 3);
    await count(store, 'test.a', 4);
    expect(await caughtUp(reader)).toBe(true);
    expect(handled).toEqual([1, 2, 3, 4]);
  });

  it('takes no more than a batch in one transaction', async () => {
    const { store, start, batches, caughtUp } = scene();
    await count(store, 'test.a', 1, 2, 3, 4, 5);
    await caughtUp(start({ batch: 2 }));
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('goes on where it was when it starts again', async () => {
    const { store, start, handled, caughtUp } = scene();
    await count(store, 'test.a', 1, 2);
    const before = start();
    await caughtUp(before);
    await before.stop();
    await count(store, 'test.a', 3);
    await caughtUp(start());
    expect(handled).toEqual([1, 2, 3]);
  });

  it('wakes up at an append, without waiting for the next look', async () => {
    const { time, store, start, handled, caughtUp, until } = scene();
    await caughtUp(start({ pollMillis: 500 }));
    const before = time.now();
    await count(store, 'test.a', 1);
    await until(() => handled.length === 1);
    expect(time.now() - before).toBeLessThan(5);
  });

  it('finds what it was not told of within half a second', async () => {
    const { time, store, start, handled, until } = scene();
    start({ store: { readAll: (options) => store.readAll(options), compare: (a, b) => store.compare(a, b), onAppend: () => () => {} }, pollMillis: 500 });
    await time.pause(100).over;
    await count(store, 'test.a', 1);
    const before = time.now();
    await until(() => handled.length === 1);
    expect(time.now() - before).toBeLessThanOrEqual(500);
  });

  it('looks at once when nudged', async () => {
    const { time, store, start, handled, until } = scene();
    const reader = start({ store: { readAll: (options) => store.readAll(options), compare: (a, b) => store.compare(a, b), onAppend: () => () => {} }, pollMillis: 500 });
    await time.pause(600).over;
    await count(store, 'test.a', 1);
    const before = time.now();
    reader.nudge();
    await until(() => handled.length === 1);
    expect(time.now() - before).toBeLessThan(5);
  });

  it('is given only what it wants, and passes the rest', async () => {
    const { store, start, handled, caughtUp } = scene();
    await count(store, 'test.a', 1, 2, 3, 4);
    const reader = start({ wanted: ({ data }) => (data as { n: number }).n % 2 === 0 });
    expect(await caughtUp(reader)).toBe(true);
    expect(handled).toEqual([2, 4]);
  });

  it('keeps its progress over a stretch of nothing but other events, too', async () => {
    const { time, store, start, caughtUp } = scene();
    await count(store, 'test.a', 1);
    await caughtUp(start());
    await count(store, 'other.a', 2, 3, 4);
    await time.pause(1_000).over;
    expect(await store.position('test.reader')).toBe(await store.head());
  });

  it('keeps its progress over other events when it stops', async () => {
    const { store, start, caughtUp } = scene();
    await count(store, 'other.a', 2);
    const reader = start();
    await caughtUp(reader);
    await reader.stop();
    expect(await store.position('test.reader')).toBe(await store.head());
  });

  it('does not pass what an open transaction could still precede', async () => {
    const { store, start, handled } = scene();
    const release = store.hold();
    await count(store, 'test.a', 1);
    const reader = start();
    const head = await store.head();
    expect(await reader.caughtUp(head!, 2_000)).toBe(false);
    expect(handled).toEqual([]);
    release();
    expect(await reader.caughtUp(head!, 2_000)).toBe(true);
    expect(handled).toEqual([1]);
  });

  it('finishes the batch in hand when it stops, and gives the lease back', async () => {
    const { time, store, start, handled, trouble, until } = scene();
    let open: (() => void) | undefined;
    trouble.set(2, () => new Promise<void>((resolve) => { open = resolve; }));
    await count(store, 'test.a', 1, 2);
    const reader = start();
    await until(() => open !== undefined);
    const stopped = reader.stop();
    await time.pause(50).over;
    expect(handled).toEqual([]);
    open?.();
    await stopped;
    expect(handled).toEqual([1, 2]);
    expect(reader.status()).toEqual({ is: 'ended' });
    expect(await store.acquire('test.reader', 1_000)).toMatchObject({ position: await store.head() });
  });

  it('answers at once whether it has caught up when it is stopped', async () => {
    const { store, start } = scene();
    const reader = start();
    await reader.stop();
    await count(store, 'test.a', 1);
    expect(await reader.caughtUp((await store.head())!, 60_000)).toBe(false);
  });
});

describe('a handler that fails', () => {
  const failing = (times: number) => {
    let left = times;
    return () => {
      left -= 1;
      if (left >= 0) throw new Error('not now');
    };
  };

  it('twice is called three times, and nothing is skipped', async () => {
    const { store, start, trouble, tries, handled, caughtUp } = scene();
    trouble.set(1, failing(2));
    await count(store, 'test.a', 1);
    await caughtUp(start());
    expect(tries).toEqual([1, 1, 1]);
    expect(handled).toEqual([1]);
  });

  it('is alone with the event it fails at, while those before are done', async () => {
    const { store, start, trouble, batches, handled, until } = scene();
    trouble.set(3, failing(Infinity));
    await count(store, 'test.a', 1, 2, 3, 4);
    const reader = start();
    await until(() => handled.length === 2);
    expect(batches).toEqual([[1], [2]]);
    trouble.delete(3);
    await reader.caughtUp((await store.head())!, 60_000);
    expect(handled).toEqual([1, 2, 3, 4]);
  });

  it('takes whole batches again when it is past that', async () => {
    const { store, start, trouble, batches, caughtUp } = scene();
    trouble.set(2, failing(1));
    await count(store, 'test.a', 1, 2, 3);
    const reader = start({ batch: 3 });
    await caughtUp(reader);
    const release = store.hold();
    await count(store, 'test.a', 4, 5);
    release();
    await caughtUp(reader);
    expect(batches).toEqual([[1], [2], [3], [4, 5]]);
  });

  it('is tried again ever more slowly, every five seconds at the end', async () => {
    const { time, store, start, trouble, until } = scene();
    const at: number[] = [];
    trouble.set(1, () => {
      at.push(time.now());
      throw new Error('never');
    });
    await count(store, 'test.a', 1);
    const reader = start();
    await until(() => at.length === 9);
    expect(at.slice(1).map((each, n) => each - at[n]!)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    expect(reader.status()).toEqual({ is: 'retrying', failures: 9 });
  });

  it('does not keep a stop waiting for its next try', async () => {
    const { time, store, start, trouble, tries, until } = scene();
    trouble.set(1, failing(Infinity));
    await count(store, 'test.a', 1);
    const reader = start();
    await until(() => tries.length === 7);
    const before = time.now();
    await reader.stop();
    expect(time.now() - before).toBeLessThan(100);
  });

  it('has no effect left in its transaction', async () => {
    const { store, start, caughtUp } = scene();
    let calls = 0;
    await store.transaction(async (tx) => store.createTable(tx, 'seen'));
    await count(store, 'test.a', 1);
    await caughtUp(start({
      handle: async (_events: readonly StoredEvent[], tx: Transaction) => {
        calls += 1;
        store.rows<number>(tx, 'seen').put(`call ${calls}`, calls);
        if (calls < 3) throw new Error('not now');
      },
    }));
    await store.snapshot(async (tx) => expect(store.rows(tx, 'seen').entries()).toEqual([['call 3', 3]]));
  });
});

describe('an event that must not be skipped', () => {
  it('stops the subscription after everything before it', async () => {
    const { store, start, trouble, handled, until, log } = scene();
    const reasons: Error[] = [];
    const unknown = new UnknownStoredEvent('test.counted', 9);
    trouble.set(3, () => { throw unknown; });
    await count(store, 'test.a', 1, 2, 3, 4);
    const reader = start({ onStopped: (reason) => { reasons.push(reason); } });
    await until(() => reader.status().is === 'stopped');
    expect(reader.status()).toEqual({ is: 'stopped', reason: unknown });
    expect(reasons).toEqual([unknown]);
    expect(handled).toEqual([1, 2]);
    expect(log.messages('error')).toEqual(['a subscription stopped at an event that it must not skip']);
  });

  it('stops it when it was changed outside, too', async () => {
    const { store, start, handled, until } = scene();
    await count(store, 'test.a', 1, 2, 3);
    store.tamper('test.a', 1);
    const reader = start();
    await until(() => reader.status().is === 'stopped');
    expect(reader.status()).toMatchObject({ reason: { name: 'TamperedEvent', stream: 'test.a', revision: 1 } });
    expect(handled).toEqual([1]);
  });

  it('leaves the lease to a process that may know it, and is tried again at a restart', async () => {
    const { store, start, trouble, handled, caughtUp, until } = scene();
    trouble.set(1, () => { throw new UnknownStoredEvent('test.counted', 9); });
    await count(store, 'test.a', 1);
    const old = start();
    await until(() => old.status().is === 'stopped');
    trouble.delete(1);
    expect(await caughtUp(start())).toBe(true);
    expect(handled).toEqual([1]);
    expect(old.status().is).toBe('stopped');
  });
});

describe('the lease of a subscription', () => {
  it('lets one process work while the others wait', async () => {
    const { store, start, handled, caughtUp } = scene();
    const one = start();
    const two = start();
    await count(store, 'test.a', 1, 2, 3);
    expect(await Promise.all([caughtUp(one), caughtUp(two)])).toEqual([true, true]);
    expect(handled).toEqual([1, 2, 3]);
    expect([one, two].map((each) => each.status().is)).toEqual(['running', 'waiting']);
  });

  it('is kept while a batch takes longer than it lasts', async () => {
    const { time, store, start, trouble, handled, caughtUp } = scene();
    trouble.set(1, () => time.pause(60_000).over);
    await count(store, 'test.a', 1);
    const one = start({ leaseTtlMillis: 3_000 });
    start({ leaseTtlMillis: 3_000 });
    await one.caughtUp((await store.head())!, 120_000);
    await caughtUp(one);
    expect(handled).toEqual([1]);
  });

  it('goes over when its holder stops', async () => {
    const { store, start, handled, caughtUp } = scene();
    const one = start();
    const two = start();
    await count(store, 'test.a', 1);
    await caughtUp(one);
    await one.stop();
    await count(store, 'test.a', 2);
    expect(await caughtUp(two)).toBe(true);
    expect(handled).toEqual([1, 2]);
  });

  it('goes over when its holder is killed, once it has run out', async () => {
    const { time, store, start, handled, caughtUp } = scene();
    await count(store, 'test.a', 1);
    await store.acquire('test.reader', 5_000);
    const before = time.now();
    expect(await caughtUp(start())).toBe(true);
    expect(time.now() - before).toBeGreaterThanOrEqual(5_000);
    expect(handled).toEqual([1]);
  });

  it('takes what was done under it away when it is lost meanwhile, which is no failure', async () => {
    const { store, start, trouble, tries, log, caughtUp } = scene();
    let losses = 1;
    trouble.set(1, async () => {
      if (losses-- > 0) await store.transaction((tx) => store.forget('test.reader', tx));
    });
    await count(store, 'test.a', 1);
    expect(await caughtUp(start())).toBe(true);
    expect(tries).toEqual([1, 1]);
    expect(log.messages()).toEqual([]);
  });
});

describe('a store that cannot be reached', () => {
  it.each(['acquire', 'readAll'] as const)('does not end a subscription: %s', async (method) => {
    const { store, start, handled, caughtUp } = scene();
    let failures = 3;
    const flaky = { ...store, [method]: (...args: never[]) => (failures-- > 0 ? Promise.reject(new Error('away')) : (store[method] as (...a: never[]) => unknown)(...args)) };
    await count(store, 'test.a', 1);
    expect(await caughtUp(start({ store: flaky, checkpoints: flaky }))).toBe(true);
    expect(handled).toEqual([1]);
  });

  it.each(['before', 'after'])('does not double what was committed when the answer was lost: %s the commit', async (when) => {
    const { store, start, caughtUp } = scene();
    let failures = 1;
    const flaky: typeof store = {
      ...store,
      async commit(lease, position, work) {
        const fails = failures-- > 0;
        if (!fails || when === 'after') await store.commit(lease, position, work);
        if (fails) throw new Error('connection lost');
      },
    };
    await store.transaction(async (tx) => store.createTable(tx, 'seen'));
    await count(store, 'test.a', 1, 2);
    await caughtUp(start({
      checkpoints: flaky,
      handle: async (events, tx) => {
        const seen = store.rows<number>(tx, 'seen');
        for (const { id } of events) seen.put(id, (seen.get(id) ?? 0) + 1);
      },
    }));
    await store.snapshot(async (tx) => expect(store.rows(tx, 'seen').entries().map(([, times]) => times)).toEqual([1, 1]));
  });

  it('does not end a subscription when the lease cannot be renewed or given back for a while', async () => {
    const { time, store, start, handled, caughtUp, log } = scene();
    let failures = 2;
    const flaky: typeof store = {
      ...store,
      renew: (lease, ttl) => (failures-- > 0 ? Promise.reject(new Error('away')) : store.renew(lease, ttl)),
      release: () => Promise.reject(new Error('away')),
    };
    const reader = start({ checkpoints: flaky });
    await time.pause(30_000).over;
    await count(store, 'test.a', 1);
    expect(await caughtUp(reader)).toBe(true);
    expect(handled).toEqual([1]);
    await reader.stop();
    expect(log.messages('warn')).toEqual(['a lease could not be renewed', 'a lease could not be renewed', 'a lease could not be given back']);
  });
});
