import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { verifyReadModel, type Transaction } from '../src/index.js';
import { left, renamed, scene as newScene, subjectOf } from './projection-scene.js';

let stopAll = async (): Promise<unknown> => undefined;
afterEach(() => stopAll());
const scene = () => {
  const s = newScene();
  stopAll = s.stopAll;
  return s;
};
const MEMBERS = 'test_members_v1';

/** A scene with three members, all of them in the table. */
async function members() {
  const s = scene();
  await s.join('ada', 'eve', 'joe');
  const runner = await s.run([1]);
  await runner.whenCaughtUp('test_members');
  const change = (work: (tx: Transaction) => void) => s.store.transaction(async (tx) => work(tx));
  return { ...s, runner, change };
}

describe('verifying a read model', () => {
  it('finds it right, and leaves nothing behind', async () => {
    const { runner, store } = await members();
    expect(await runner.verify('test_members')).toEqual({ rows: 3, matches: true, position: await store.head() });
    expect(store.tableNames()).toEqual([MEMBERS]);
    expect(await runner.verify('test_members')).toMatchObject({ matches: true });
  });

  it('finds an empty one right where nothing has happened', async () => {
    const { run } = scene();
    expect(await (await run([1])).verify('test_members')).toEqual({ rows: 0, matches: true, position: undefined });
  });

  it.each<[string, (rows: { put(key: string, row: unknown): void; delete(key: string): void }) => void]>([
    ['changed', (rows) => rows.put('ada', { name: 'Mallory', shape: 1 })],
    ['missing', (rows) => rows.delete('ada')],
    ['too many', (rows) => rows.put('mallory', { name: 'Mallory', shape: 1 })],
  ])('finds a row that is %s', async (_what, damage) => {
    const { runner, store, change } = await members();
    await change((tx) => damage(store.rows(tx, MEMBERS)));
    expect(await runner.verify('test_members')).toMatchObject({ matches: false });
    expect(store.tableNames()).toEqual([MEMBERS]);
  });

  it('builds in chunks', async () => {
    const s = scene();
    await s.join(...Array.from({ length: 12 }, (_, n) => `m${n}`));
    const sizes: number[] = [];
    const model = s.model(1);
    const runner = await s.run([1]);
    await runner.whenCaughtUp('test_members');
    const spied = { ...model, apply: (...args: Parameters<typeof model.apply>) => { sizes.push(args[0].length); return model.apply(...args); } };
    expect(await verifyReadModel({ store: s.store, checkpoints: s.store, transactions: s.store, log: s.log, time: s.time, batch: 5 }, spied)).toMatchObject({ rows: 12, matches: true });
    expect(sizes).toEqual([5, 5, 2]);
  });

  it('compares one moment, though the table moves on while it looks', async () => {
    const s = await members();
    const before = await s.store.head();
    let moves = 1;
    const checkpoints: typeof s.store = {
      ...s.store,
      async position(name, tx) {
        if (moves-- > 0) {
          await s.join('kim');
          await s.runner.whenCaughtUp('test_members');
        }
        return s.store.position(name, tx);
      },
    };
    const verification = await verifyReadModel({ store: s.store, checkpoints, transactions: s.store, log: s.log, time: s.time }, s.model(1));
    expect(await s.names(MEMBERS)).toHaveLength(4);
    expect(verification).toEqual({ rows: 3, matches: true, position: before });
  });

  it('verifies a version that does not serve yet', async () => {
    const { run, join, until } = scene();
    await join('ada');
    const runner = await run([1, 2]);
    await until(() => runner.serving('test_members').version === 2);
    expect(await runner.verify('test_members', 1)).toMatchObject({ rows: 1, matches: true });
  });

  it('clears away what a killed process left', async () => {
    const { runner, store, change } = await members();
    await change((tx) => {
      store.createTable(tx, `${MEMBERS}_verify`);
      store.rows(tx, `${MEMBERS}_verify`).put('old', {});
    });
    expect(await runner.verify('test_members')).toMatchObject({ matches: true });
  });

  it('is done by one at a time', async () => {
    const { runner } = await members();
    const [one, two] = await Promise.allSettled([runner.verify('test_members'), runner.verify('test_members')]);
    expect(one).toMatchObject({ status: 'fulfilled', value: { matches: true } });
    expect(two).toMatchObject({ status: 'rejected', reason: { name: 'AlreadyVerifying', table: MEMBERS } });
  });

  it('fails at an event that was changed outside, and clears away', async () => {
    const { runner, store } = await members();
    store.tamper('test.member-us-east-1_abc.ada', 0);
    await expect(runner.verify('test_members')).rejects.toMatchObject({ name: 'TamperedEvent' });
    expect(store.tableNames()).toEqual([MEMBERS]);
  });

  it('waits until a person who is erased meanwhile is gone from the table, too', async () => {
    const s = await members();
    const release = s.store.hold();
    await s.happen('ada', left({ at: 9 }));
    await s.store.destroyPerson(subjectOf('ada'));
    const verified = s.runner.verify('test_members');
    await s.time.pause(500).over;
    release();
    expect(await verified).toMatchObject({ rows: 2, matches: true });
  });

  it('is right while writes go on', () =>
    fc.assert(fc.asyncProperty(fc.array(fc.record({ sub: fc.constantFrom('ada', 'eve', 'joe', 'kim'), do: fc.constantFrom('join', 'rename', 'leave') }), { maxLength: 40 }), fc.integer({ min: 1, max: 5 }), async (writes, batch) => {
      const s = newScene();
      const runner = await s.run([1], { batch });
      const writing = (async () => {
        for (const [at, write] of writes.entries()) {
          if (write.do === 'join') await s.join(write.sub);
          else await s.happen(write.sub, write.do === 'leave' ? left({ at }) : renamed({ at }, { name: `name ${at}` }));
          if (at % 3 === 0) await s.time.pause(1).over;
        }
      })();
      const verifications = [];
      for (let round = 0; round < 4; round++) verifications.push(await runner.verify('test_members'));
      await writing;
      await s.stopAll();
      expect(verifications.map(({ matches }) => matches)).toEqual([true, true, true, true]);
    }), { numRuns: 100 }), 30_000);
});
