import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { runSubscription, type Checkpoints, type EventStore, type Lease, type Subscription } from '../src/index.js';
import { memoryStore, recordingLog, virtualTime } from '../src/testing/index.js';
import { count } from './events.js';

const NAME = 'test.reader';
const faults = ['none', 'none', 'none', 'fail before', 'fail after', 'slow', 'steal the lease', 'handler fails'] as const;
type Fault = (typeof faults)[number];

const steps = fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), stream: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pause' as const), millis: fc.integer({ min: 1, max: 8_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('start' as const, 'kill' as const, 'stop' as const, 'hold' as const, 'release' as const) }) },
), { minLength: 5, maxLength: 40 });

/** Processes that read one log into one table; each call to the store may go wrong in the next way of the list. */
function world(script: readonly Fault[], batch: number) {
  const time = virtualTime();
  const store = memoryStore({ now: () => time.now() });
  const remaining = [...script];
  const processes: { readonly reader: Subscription; kill(): void }[] = [];
  const held: (() => void)[] = [];
  let newest: Lease | undefined;

  function start() {
    let dead = false;
    const never = new Promise<never>(() => {});
    const nextFault = (): Fault => remaining.pop() ?? 'none';
    /** A call as a process makes it over a bad line; a process that was killed never hears of anything again. */
    const call = async <T>(work: () => Promise<T>): Promise<T> => {
      if (dead) return never;
      const fault = nextFault();
      if (fault === 'fail before') throw new Error('connection lost');
      if (fault === 'slow') await time.pause(7_000).over;
      if (fault === 'steal the lease' && newest) await store.release(newest);
      const result = await work();
      if (dead) return never;
      if (fault === 'fail after') throw new Error('connection lost');
      return result;
    };
    const checkpoints: Pick<Checkpoints, 'acquire' | 'renew' | 'commit' | 'position' | 'release'> = {
      acquire: (name, ttl) => call(async () => {
        const lease = await store.acquire(name, ttl);
        newest = lease ?? newest;
        return lease;
      }),
      renew: (lease, ttl) => call(() => store.renew(lease, ttl)),
      commit: (lease, position, work) => call(() => store.commit(lease, position, work)),
      position: (name) => store.position(name),
      release: (lease) => call(() => store.release(lease)),
    };
    const log: Pick<EventStore, 'readAll' | 'onAppend' | 'compare'> = {
      readAll: (options) => call(() => store.readAll(options)),
      compare: (a, b) => store.compare(a, b),
      onAppend: (listener) => store.onAppend(listener),
    };
    const reader = runSubscription({
      store: log, checkpoints, name: NAME, prefixes: ['test.'], time, batch, log: recordingLog(),
      async handle(events, tx) {
        const rows = store.rows<number>(tx, 'handled');
        for (const { data } of events) {
          if (nextFault() === 'handler fails') throw new Error('not now');
          await time.pause(1).over;
          if (dead) return never;
          rows.put(String(rows.entries().length).padStart(6, '0'), (data as { n: number }).n);
        }
      },
    });
    processes.push({ reader, kill: () => { dead = true; } });
  }

  return {
    store, time, start,
    kill: () => processes.shift()?.kill(),
    stop: () => processes.shift()?.reader.stop(),
    hold: () => { held.push(store.hold()); },
    release: () => held.shift()?.(),
    async settle() {
      for (const release of held) release();
      remaining.length = 0;
      start();
      const head = await store.head();
      if (head !== undefined) await processes.at(-1)?.reader.caughtUp(head, 10 * 60_000);
      await Promise.all(processes.map(({ reader }) => reader.stop()));
    },
    handled: () => store.snapshot(async (tx) => store.rows<number>(tx, 'handled').entries().map(([, n]) => n)),
  };
}

describe('a subscription whose store, handler and processes fail at random', () => {
  it('handles every event exactly once and in order', () =>
    fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...faults), { maxLength: 60 }), steps, fc.integer({ min: 1, max: 5 }), async (script, actions, batch) => {
      const { store, time, start, kill, stop, hold, release, settle, handled } = world(script, batch);
      await store.transaction(async (tx) => store.createTable(tx, 'handled'));
      let appended = 0;
      start();
      for (const action of actions) {
        if (action.do === 'append') await count(store, `test.${action.stream}`, appended++);
        else if (action.do === 'pause') await time.pause(action.millis).over;
        else await { start, kill, stop, hold, release }[action.do]();
      }
      await settle();
      expect(await handled()).toEqual(Array.from({ length: appended }, (_, n) => n));
    }), { numRuns: 200 }), 60_000);
});
