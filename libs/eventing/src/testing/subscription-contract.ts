import { describe, expect, it } from '@jest/globals';

import { NO_STREAM, type Position, type Revision, type StoredEvent } from '../event-store.js';
import { LeaseLost, StoreUnavailable, UnknownStoredEvent, WrongRevision } from '../store-errors.js';
import { runSubscription, type Subscription } from '../subscription.js';
import { recordingLog } from './recording-log.js';
import { by, fresh, seeded, type StoreUnderTest } from './store-under-test.js';

const WRITERS = 8;
const APPENDS = 40;
const STREAMS = 12;
const LONG_MILLIS = 30_000;

/** What readers of the log rely on: part of `eventStoreContract`. */
export function subscriptionContract(store: () => StoreUnderTest): void {
  let pages = 0;
  const newPrefix = () => `reader${(pages += 1)}.`;
  const noteOf = ({ stream, revision, id }: Pick<StoredEvent, 'stream' | 'revision' | 'id'>) => `${stream}@${revision} ${id}`;

  /** A subscription that notes every event in the journal, in the transaction that moves its checkpoint. */
  const noting = (name: string, options: { readonly batch?: number; readonly handle?: (events: readonly StoredEvent[]) => void } = {}): Subscription => {
    const { events, checkpoints, journal } = store();
    return runSubscription({
      store: events, checkpoints, name, prefixes: [name], log: recordingLog(), pollMillis: 50, batch: options.batch ?? 50,
      async handle(batch, tx) {
        await journal.add(tx, name, batch.map(noteOf));
        options.handle?.(batch);
      },
    });
  };
  const head = async () => (await store().events.head()) as Position;

  describe('a subscription', () => {
    it('misses nothing, repeats nothing and keeps the order of every stream, whatever many writers do meanwhile', async () => {
      const prefix = newPrefix();
      const random = seeded(7);
      const unruly = store().unruly(random);
      const acknowledged: string[] = [];

      async function write(writer: number): Promise<void> {
        for (let n = 0; n < APPENDS; n++) {
          const stream = `${prefix}${Math.floor(random() * STREAMS)}`;
          const events = Array.from({ length: 1 + Math.floor(random() * 2) }, () => fresh({ writer, n }));
          for (let done = false; !done;) {
            const { revision } = await store().events.read(stream);
            done = await appended(writer % 2 === 0 ? unruly : store().events, stream, revision, events);
          }
        }
      }
      async function appended(log: ReturnType<StoreUnderTest['unruly']>, stream: string, expected: Revision, events: readonly ReturnType<typeof fresh>[]): Promise<boolean> {
        for (;;) {
          try {
            await log.append(stream, expected, events, by);
            acknowledged.push(...events.map(({ id }, n) => noteOf({ stream, revision: expected + 1 + n, id })));
            return true;
          } catch (error) {
            if (error instanceof WrongRevision) return false;
            if (!(error instanceof StoreUnavailable)) throw error; // else the same ids again: at most one of them is stored
          }
        }
      }

      let reader = noting(prefix, { batch: 20 });
      let writing = true;
      const restarts = (async () => {
        while (writing) {
          await new Promise((resolve) => { setTimeout(resolve, 40); });
          await reader.stop();
          reader = noting(prefix, { batch: 20 });
        }
      })();
      await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
      writing = false;
      await restarts;
      expect(await reader.caughtUp(await head(), LONG_MILLIS)).toBe(true);
      await reader.stop();

      const noted = await store().journal.entries(prefix);
      expect([...noted].sort()).toEqual([...acknowledged].sort());
      const revisions = new Map<string, number[]>();
      for (const note of noted) {
        const [, stream = '', revision] = /^(.*)@(\d+) /.exec(note) ?? [];
        revisions.set(stream, [...(revisions.get(stream) ?? []), Number(revision)]);
      }
      for (const seen of revisions.values()) expect(seen).toEqual(seen.map((_, n) => n));
    }, 120_000);

    it('calls a handler that fails twice three times, and keeps nothing of the failures', async () => {
      const prefix = newPrefix();
      let calls = 0;
      const event = fresh();
      const { position } = await store().events.append(`${prefix}a`, NO_STREAM, [event], by);
      const reader = noting(prefix, { handle() {
        calls += 1;
        if (calls <= 2) throw new Error('not yet');
      } });
      expect(await reader.caughtUp(position, LONG_MILLIS)).toBe(true);
      await reader.stop();
      expect(calls).toBe(3);
      expect(await store().journal.entries(prefix)).toEqual([noteOf({ stream: `${prefix}a`, revision: 0, id: event.id })]);
    }, 60_000);

    it('stops at a stored type that it does not know, after everything before it, and stays there', async () => {
      const prefix = newPrefix();
      const stream = `${prefix}a`;
      const [known, unknown, later] = [fresh(), fresh({}, { type: 'test.from-the-future' }), fresh()];
      await store().events.append(stream, NO_STREAM, [known, unknown, later], by);
      const stopped = () => new Promise<Error>((resolve) => {
        const { events, checkpoints, journal } = store();
        const reader = runSubscription({
          store: events, checkpoints, name: prefix, prefixes: [prefix], log: recordingLog(), pollMillis: 50,
          async handle(batch, tx) {
            for (const each of batch) if (each.type !== 'test.happened') throw new UnknownStoredEvent(each.type, each.version);
            await journal.add(tx, prefix, batch.map(noteOf));
          },
          onStopped: (reason) => void reader.stop().then(() => resolve(reason)),
        });
      });
      for (let start = 0; start < 2; start++) {
        expect(await stopped()).toMatchObject({ name: 'UnknownStoredEvent', type: 'test.from-the-future' });
        expect(await store().journal.entries(prefix)).toEqual([noteOf({ stream, revision: 0, id: known.id })]);
      }
    }, 60_000);

    it('that is filled from the start holds up nobody: an event appended meanwhile is delivered elsewhere before the second next chunk', async () => {
      const prefix = newPrefix();
      const stream = `${prefix}old`;
      await store().events.append(stream, NO_STREAM, Array.from({ length: 60 }, (_, n) => fresh({ n })), by);
      const other = newPrefix();
      let delivered = () => {};
      const delivery = new Promise<void>((resolve) => { delivered = resolve; });
      const live = noting(other, { handle: delivered });
      let chunks = 0;
      let chunksAtDelivery: number | undefined;
      const { events, checkpoints, journal } = store();
      const log = recordingLog();
      const filling = runSubscription({
        store: events, checkpoints, name: prefix, prefixes: [prefix], log, pollMillis: 50, batch: 5,
        async handle(batch, tx) {
          await journal.add(tx, prefix, batch.map(noteOf));
          chunks += 1;
          if (chunks === 2) {
            await events.append(`${other}new`, NO_STREAM, [fresh()], by);
            void delivery.then(() => { chunksAtDelivery ??= chunks; });
          }
          // The second chunk after the one in hand does not commit before the delivery: if that waited for it, it would fail.
          if (chunks === 4) await delivery;
        },
      });
      expect(await filling.caughtUp(await head(), LONG_MILLIS)).toBe(true);
      await Promise.all([filling.stop(), live.stop()]);
      expect(chunksAtDelivery).toBeLessThanOrEqual(4);
      expect(log.messages('warn')).toEqual([]);
      expect(await journal.entries(prefix)).toHaveLength(60);
    }, 60_000);
  });

  describe('a checkpoint', () => {
    const anyPosition = async () => (await store().events.append(`${newPrefix()}a`, NO_STREAM, [fresh()], by)).position;

    it('has one owner at a time, until the lease runs out or is given back', async () => {
      const { checkpoints } = store();
      const name = newPrefix();
      const attempts = await Promise.all(Array.from({ length: 20 }, () => checkpoints.acquire(name, 60_000)));
      const [lease, ...others] = attempts.filter((each) => each !== undefined);
      expect([lease?.position, others]).toEqual([undefined, []]);
      if (!lease) return;
      await checkpoints.release(lease);
      const next = await checkpoints.acquire(name, 0);
      expect(next).toBeDefined();
      expect(await checkpoints.renew(lease, 60_000)).toBe(false);
    });

    it('moves with the work or not at all', async () => {
      const { checkpoints, journal } = store();
      const name = newPrefix();
      const position = await anyPosition();
      const lease = await checkpoints.acquire(name, 60_000);
      if (!lease) throw new Error('nobody else has it');
      await expect(checkpoints.commit(lease, position, async (tx) => {
        await journal.add(tx, name, ['failed']);
        throw new Error('no');
      })).rejects.toThrow('no');
      expect(await checkpoints.position(name)).toBeUndefined();
      await checkpoints.commit(lease, position, (tx) => journal.add(tx, name, ['done']));
      expect([await checkpoints.position(name), await journal.entries(name)]).toEqual([position, ['done']]);
    });

    it('cannot be moved by who lost the lease, even while at work', async () => {
      const { checkpoints, journal } = store();
      const name = newPrefix();
      const position = await anyPosition();
      const first = await checkpoints.acquire(name, 0);
      if (!first) throw new Error('nobody else has it');
      await expect(checkpoints.commit(first, position, async (tx) => {
        await journal.add(tx, name, ['by the first']);
        // Its lease has run out: time enough for somebody else to take over.
        for (let second; !second;) second = await checkpoints.acquire(name, 60_000);
      })).rejects.toThrow(LeaseLost);
      expect([await checkpoints.position(name), await journal.entries(name)]).toEqual([undefined, []]);
    });

    it('begins anew when it is forgotten', async () => {
      const { checkpoints, transactions } = store();
      const name = newPrefix();
      const lease = await checkpoints.acquire(name, 60_000);
      if (!lease) throw new Error('nobody else has it');
      await checkpoints.commit(lease, await anyPosition(), () => Promise.resolve());
      await transactions.transaction((tx) => checkpoints.forget(name, tx));
      expect((await checkpoints.acquire(name, 60_000))?.position).toBeUndefined();
    });
  });
}
