import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { NO_STREAM, type Claim, type NewEvent } from '../event-store.js';
import { WrongRevision } from '../store-errors.js';
import { by, fresh, type StoreUnderTest } from './store-under-test.js';
import { subscriptionContract } from './subscription-contract.js';

/** What every store promises. One suite, run against each of them; what it does not hold, nothing may rely on. */
export function eventStoreContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name}, as an event store`, () => {
    let test: StoreUnderTest;
    let streams = 0;
    const newStream = () => `contract.stream-${(streams += 1)}`;
    const append = (stream: string, expected: number, ...events: NewEvent[]) => test.events.append(stream, expected, events, by);

    beforeAll(async () => { test = await makeStore(); }, 60_000);
    afterAll(() => test.close());

    describe('a stream', () => {
      it('gives back what was appended, in order, as it was', async () => {
        const stream = newStream();
        const data = { text: 'Zażółć \u0000 "\\', number: 0.1, list: [1, null, true], nested: { empty: {} } };
        const [first, second] = [fresh(data, { version: 3 }), fresh(null, { type: 'test.else', subject: { poolId: 'p', sub: 's' } })];
        const { revision, position } = await append(stream, NO_STREAM, first, second);
        const read = await test.events.read(stream);
        expect(revision).toBe(1);
        expect(read).toEqual({
          revision: 1,
          events: [
            { ...first, stream, revision: 0, meta: by.meta, recordedAt: expect.any(Number), position: expect.any(String) },
            { ...second, stream, revision: 1, meta: by.meta, recordedAt: expect.any(Number), position },
          ],
        });
      });

      it('that does not exist is empty', async () => {
        expect(await test.events.read(newStream())).toEqual({ events: [], revision: NO_STREAM });
      });

      it('is read from a revision on, and no further than wanted', async () => {
        const stream = newStream();
        await append(stream, NO_STREAM, ...[0, 1, 2, 3].map((n) => fresh({ n })));
        const { events, revision } = await test.events.read(stream, { from: 1, max: 2 });
        expect([events.map((event) => event.revision), revision]).toEqual([[1, 2], 3]);
        expect(await test.events.read(stream, { from: 4 })).toEqual({ events: [], revision: 3 });
      });

      it('is read whole, however long it is', async () => {
        const stream = newStream();
        const events = Array.from({ length: 700 }, (_, n) => fresh({ n }));
        await append(stream, NO_STREAM, ...events.slice(0, 400));
        await append(stream, 399, ...events.slice(400));
        expect((await test.events.read(stream)).events.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
      });

      it('takes an append at the revision that it is at, and at no other', async () => {
        const stream = newStream();
        await append(stream, NO_STREAM, fresh());
        for (const expected of [NO_STREAM, 1, 7]) {
          await expect(append(stream, expected, fresh())).rejects.toMatchObject({ name: 'WrongRevision', stream, actual: 0 });
        }
        await expect(append(newStream(), 0, fresh())).rejects.toMatchObject({ name: 'WrongRevision', actual: NO_STREAM });
        expect((await test.events.read(stream)).revision).toBe(0);
      });

      it('takes one of 20 appends at the same revision, at its beginning and later', async () => {
        const stream = newStream();
        for (const expected of [NO_STREAM, 0, 1]) {
          const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => append(stream, expected, fresh())));
          expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
          expect(attempts.flatMap((attempt) => (attempt.status === 'rejected' && !(attempt.reason instanceof WrongRevision) ? [attempt.reason] : []))).toEqual([]);
        }
        expect((await test.events.read(stream)).events.map(({ revision }) => revision)).toEqual([0, 1, 2]);
      });

      it('answers the same ids at the same revision as the first time, also when it went on', async () => {
        const stream = newStream();
        const events = [fresh(), fresh()];
        const first = await append(stream, NO_STREAM, ...events);
        expect(await append(stream, NO_STREAM, ...events)).toEqual(first);
        await append(stream, 1, fresh());
        expect(await append(stream, NO_STREAM, ...events)).toEqual(first);
        expect((await test.events.read(stream)).revision).toBe(2);
      });

      it('takes a part of what was appended, or more than it, for a conflict', async () => {
        const stream = newStream();
        const [first, second] = [fresh(), fresh()];
        await append(stream, NO_STREAM, first, second);
        await expect(append(stream, NO_STREAM, second)).rejects.toThrow(WrongRevision);
        await expect(append(stream, NO_STREAM, first, second, fresh())).rejects.toThrow(WrongRevision);
        await expect(append(stream, NO_STREAM, second, first)).rejects.toThrow(WrongRevision);
      });

      it('takes 1 MiB in one append, and nothing above it', async () => {
        const stream = newStream();
        const half = 'x'.repeat(524_288 - 2); // with its two quotes
        await expect(append(stream, NO_STREAM, fresh(half), fresh(`${half}x`))).rejects.toMatchObject({ name: 'EventTooLarge', bytes: 1_048_577 });
        await append(stream, NO_STREAM, fresh(half), fresh(half));
        expect((await test.events.read(stream)).events.map(({ data }) => (data as string).length)).toEqual([half.length, half.length]);
      });

      it('refuses an append of nothing', async () => {
        await expect(append(newStream(), NO_STREAM)).rejects.toThrow(RangeError);
      });

      it('is not read where a byte of it was changed outside', async () => {
        const stream = newStream();
        await append(stream, NO_STREAM, fresh({ n: 1 }), fresh({ n: 2 }), fresh({ n: 3 }));
        await test.tamper(stream, 1);
        await expect(test.events.read(stream)).rejects.toMatchObject({ name: 'TamperedEvent', stream, revision: 1 });
        await expect(test.events.readAll({ prefixes: [stream], limit: 10_000 })).rejects.toMatchObject({ name: 'TamperedEvent', stream, revision: 1 });
      });
    });

    describe('the log', () => {
      it('goes in the order of commits, and its head is the newest', async () => {
        const [first, second] = [newStream(), newStream()];
        const positions = [await append(first, NO_STREAM, fresh()), await append(second, NO_STREAM, fresh(), fresh()), await append(first, 0, fresh())].map(({ position }) => position);
        for (const [n, position] of positions.entries()) {
          expect(positions.map((other) => Math.sign(test.events.compare(position, other)))).toEqual(positions.map((_, m) => Math.sign(n - m)));
        }
        expect(await test.events.head()).toBe(positions[2]);
      });

      it('is read in pieces after a position, past what is not wanted', async () => {
        const [wanted, other] = [newStream(), newStream()];
        const after = await test.events.head();
        await append(wanted, NO_STREAM, fresh({ n: 0 }));
        await append(other, NO_STREAM, fresh());
        await append(wanted, 0, fresh({ n: 1 }), fresh({ n: 2 }));
        const { position } = await append(other, 0, fresh());
        const seen: unknown[] = [];
        let at = after;
        for (let reads = 0; reads < 20; reads++) {
          const { events, next } = await test.events.readAll({ after: at, prefixes: [`${wanted}`], limit: 2 });
          seen.push(...events.map(({ data }) => data));
          if (next === at) break;
          at = next;
        }
        expect(seen).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
        expect(at).toBe(position);
        expect(await test.events.readAll({ after: position, prefixes: [''], limit: 10 })).toEqual({ events: [], next: position });
      });

      it('tells who listens after an append, until they no longer want to know', async () => {
        let heard = 0;
        let wake = () => {};
        const told = new Promise<void>((resolve) => { wake = resolve; });
        const forget = test.events.onAppend(() => {
          heard += 1;
          wake();
        });
        const stream = newStream();
        await append(stream, NO_STREAM, fresh());
        await told;
        forget();
        const before = heard;
        await append(stream, 0, fresh());
        expect(heard).toBe(before);
      });
    });

    describe('a claim', () => {
      let values = 0;
      const claim = (owner: string, more: Partial<Claim> = {}): Claim => {
        values += 1;
        return { namespace: 'names/p', valueHash: `hash ${values}`, kind: 'email', owner, claimId: `claim ${values}`, ...more };
      };
      const taking = (stream: string, ...take: Claim[]) => test.events.append(stream, NO_STREAM, [fresh()], { ...by, claims: { take } });

      it('is taken with the append, and says whom its value means', async () => {
        const mine = claim('ada');
        await taking(newStream(), mine);
        expect(await test.claims.find(mine)).toEqual({ kind: 'email', owner: 'ada' });
        expect(await test.claims.find(claim('ada'))).toBeUndefined();
        expect(await test.claims.find({ ...mine, namespace: 'names/q' })).toBeUndefined();
      });

      it('that somebody else holds refuses the whole append, whatever the kind', async () => {
        const mine = claim('ada');
        await taking(newStream(), mine);
        const stream = newStream();
        const free = claim('eve');
        await expect(taking(stream, free, { ...mine, owner: 'eve', kind: 'username' })).rejects.toMatchObject({ name: 'ClaimTaken', kind: 'username' });
        expect(await test.claims.find(free)).toBeUndefined();
        expect(await test.events.read(stream)).toEqual({ events: [], revision: NO_STREAM });
      });

      it('that its taker holds already is no error', async () => {
        const mine = claim('ada');
        await taking(newStream(), mine);
        await taking(newStream(), mine);
        expect(await test.claims.find(mine)).toEqual({ kind: 'email', owner: 'ada' });
      });

      it('is not taken by an append at the wrong revision', async () => {
        const stream = newStream();
        await append(stream, NO_STREAM, fresh());
        const mine = claim('ada');
        await expect(taking(stream, mine)).rejects.toThrow(WrongRevision);
        expect(await test.claims.find(mine)).toBeUndefined();
      });

      it('goes to one of 20 that take it at once', async () => {
        const wanted = claim('');
        const takers = Array.from({ length: 20 }, (_, n) => ({ stream: newStream(), owner: `taker ${n}` }));
        const attempts = await Promise.allSettled(takers.map(({ stream, owner }) => taking(stream, { ...wanted, owner })));
        const winners = takers.filter((_, n) => attempts[n]?.status === 'fulfilled');
        expect(winners).toHaveLength(1);
        expect(await test.claims.find(wanted)).toEqual({ kind: 'email', owner: winners[0]?.owner });
        const written = await Promise.all(takers.map(async ({ stream }) => (await test.events.read(stream)).revision));
        expect(written.filter((revision) => revision !== NO_STREAM)).toHaveLength(1);
      });

      it('is released by its owner alone, and one that is gone is no error', async () => {
        const mine = claim('ada');
        await taking(newStream(), mine);
        const releasing = (owner: string) => test.events.append(newStream(), NO_STREAM, [fresh()], { ...by, claims: { release: [{ ...mine, owner }] } });
        await releasing('eve');
        expect(await test.claims.find(mine)).toEqual({ kind: 'email', owner: 'ada' });
        await releasing('ada');
        await releasing('ada');
        expect(await test.claims.find(mine)).toBeUndefined();
      });

      it('passes to another owner in one append', async () => {
        const [old, taken] = [claim('ada'), claim('grace')];
        await taking(newStream(), old);
        await test.events.append(newStream(), NO_STREAM, [fresh()], { ...by, claims: { release: [old], take: [{ ...old, owner: 'grace' }, taken] } });
        expect([await test.claims.find(old), await test.claims.find(taken)].map((found) => found?.owner)).toEqual(['grace', 'grace']);
      });

      it('changes hands without a deadlock where many exchange the same values at once', async () => {
        const [a, b] = [claim('x'), claim('x')];
        await taking(newStream(), a, b);
        const exchanges = Array.from({ length: 20 }, (_, n) => {
          const [release, take] = n % 2 === 0 ? [a, b] : [b, a];
          return test.events.append(newStream(), NO_STREAM, [fresh()], { ...by, claims: { release: [release], take: [take] } });
        });
        expect((await Promise.allSettled(exchanges)).filter(({ status }) => status === 'rejected')).toEqual([]);
      });

      it('is not taken again by a repeated append after its release', async () => {
        const stream = newStream();
        const mine = claim('ada');
        const event = fresh();
        const taken = { ...by, claims: { take: [mine] } };
        await test.events.append(stream, NO_STREAM, [event], taken);
        await test.events.append(stream, 0, [fresh()], { ...by, claims: { release: [mine] } });
        await test.events.append(stream, NO_STREAM, [event], taken);
        expect(await test.claims.find(mine)).toBeUndefined();
      });
    });

    describe('a person', () => {
      const personal = (sub: string, poolId = 'p') => fresh({ n: 1 }, { subject: { poolId, sub }, personal: { name: `name of ${sub}` } });
      const personalOf = async (stream: string) => (await test.events.read(stream)).events.map((event) => event.personal);

      it('is sealed in the event and opened for its readers', async () => {
        const stream = newStream();
        await append(stream, NO_STREAM, personal('ada 1'), fresh());
        expect(await personalOf(stream)).toEqual([{ name: 'name of ada 1' }, undefined]);
      });

      it('who is erased leaves null, in the stream and on replay of the log, and everybody else stays', async () => {
        const stream = newStream();
        const after = await test.events.head();
        await append(stream, NO_STREAM, personal('ada 2'), personal('grace 2'));
        await test.erasure.destroyPerson({ poolId: 'p', sub: 'ada 2' });
        expect(await personalOf(stream)).toEqual([null, { name: 'name of grace 2' }]);
        const { events } = await test.events.readAll({ after, prefixes: [stream], limit: 10 });
        expect(events.map((event) => [event.data, event.personal])).toEqual([[{ n: 1 }, null], [{ n: 1 }, { name: 'name of grace 2' }]]);
        await test.erasure.destroyPerson({ poolId: 'p', sub: 'ada 2' });
      });

      it('is erased with the pool', async () => {
        const stream = newStream();
        await append(stream, NO_STREAM, personal('ada 3', 'gone'), personal('ada 3', 'kept'));
        await test.erasure.destroyPool('gone');
        expect(await personalOf(stream)).toEqual([null, { name: 'name of ada 3' }]);
      });

      it('who is erased does not come back with a later event', async () => {
        const stream = newStream();
        await append(stream, NO_STREAM, personal('ada 4'));
        await test.erasure.destroyPerson({ poolId: 'p', sub: 'ada 4' });
        await expect(append(stream, 0, personal('ada 4'))).rejects.toMatchObject({ name: 'KeyDestroyed' });
        await append(stream, 0, fresh());
        expect(await personalOf(stream)).toEqual([null, undefined]);
      });

      it('must be named where an event tells something about one', async () => {
        await expect(append(newStream(), NO_STREAM, fresh({}, { personal: { name: 'somebody' } }))).rejects.toThrow(TypeError);
      });
    });

    subscriptionContract(() => test);
  });
}
