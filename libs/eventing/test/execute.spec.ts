import { describe, expect, it } from '@jest/globals';
import { accept, defineEvent, DomainError, refuse, typeOf, unreachable, type Decider, type EventOf } from '@rollcall/kernel';

import { definitionsOf, execute, load, NO_STREAM, type Aggregate, type Caused, type ClaimChange, type EventStore, type Subject } from '../src/index.js';
import { memoryStore, testIds, virtualTime } from '../src/testing/index.js';
import { subject } from './events.js';

const opened = defineEvent('test.account.opened', { data: typeOf<{ limit: number }>(), personal: typeOf<{ holder: string }>() });
const spent = defineEvent('test.account.spent', { data: typeOf<{ amount: number }>() });
const warned = defineEvent('test.account.warned', { data: typeOf<{ at: number }>() });
const definitions = { opened, spent, warned };
type AccountEvent = EventOf<typeof definitions>;
type Command = Readonly<{ do: 'open'; limit: number } | { do: 'spend'; amount: number } | { do: 'nothing' }>;
type Account = Readonly<{ open: boolean; left: number; warnings: number }>;

/** Spending too much is refused; the first time that is remembered. */
const decider: Decider<Command, Account, AccountEvent> = {
  initial: { open: false, left: 0, warnings: 0 },
  decide(command, account) {
    switch (command.do) {
      case 'open': return account.open ? refuse(new DomainError('AlreadyOpen')) : accept<AccountEvent>(opened({ limit: command.limit }, { holder: 'Ada' }));
      case 'spend': {
        if (command.amount <= account.left) return accept<AccountEvent>(spent({ amount: command.amount }), ...(command.amount === account.left ? [warned({ at: 0 })] : []));
        const error = new DomainError('TooMuch', { left: account.left });
        return account.warnings > 0 ? refuse(error) : refuse<AccountEvent>(error, warned({ at: account.left }));
      }
      case 'nothing': return accept();
      default: return unreachable(command);
    }
  },
  evolve(account, event) {
    switch (event.type) {
      case 'test.account.opened': return { ...account, open: true, left: event.data.limit };
      case 'test.account.spent': return { ...account, left: account.left - event.data.amount };
      case 'test.account.warned': return { ...account, warnings: account.warnings + 1 };
      default: return unreachable(event);
    }
  },
};
const account: Aggregate<Command, Account, AccountEvent> = { decider, definitions: definitionsOf(definitions) };
const STREAM = 'test.account-1';

const callOf = (requestKey?: string, correlationId = 'call'): Caused =>
  ({ correlationId, operation: 'Spend', caller: { kind: 'user', id: 'ada' }, requestKey, effects: { eventIds: [] } });

function scene() {
  const time = virtualTime();
  const store = memoryStore({ now: () => time.now() });
  const needs = { store, ids: testIds(), now: () => time.now() };
  const run = (command: Command, call: Caused = callOf(), options: { subject?: Subject; claims?: (state: Account) => ClaimChange | undefined } = {}, on: EventStore = store) =>
    execute({ ...needs, store: on }, account, STREAM, command, call, options);
  const open = (limit: number) => run({ do: 'open', limit }, callOf(), { subject });
  const stored = async () => (await store.read(STREAM)).events;
  return { time, store, run, open, stored };
}

describe('executing a command', () => {
  it('appends what is decided and answers with the state after it', async () => {
    const { run, open, stored } = scene();
    expect(await open(100)).toMatchObject({ state: { open: true, left: 100 }, revision: 0 });
    const call = callOf();
    const executed = await run({ do: 'spend', amount: 30 }, call);
    const events = await stored();
    expect(executed).toEqual({ state: { open: true, left: 70, warnings: 0 }, revision: 1, eventIds: [events[1]?.id] });
    expect(call.effects.eventIds).toEqual([events[1]?.id]);
    expect(events[1]).toMatchObject({ type: 'test.account.spent', version: 1, data: { amount: 30 } });
  });

  it('stores who caused it, and nothing of the request', async () => {
    const { run, stored } = scene();
    await run({ do: 'open', limit: 1 }, callOf('request 1'), { subject });
    const [event] = await stored();
    expect(event?.meta).toEqual({ correlationId: 'call', operation: 'Spend', caller: { kind: 'user', id: 'ada' } });
    expect(JSON.stringify(event)).not.toContain('request 1');
  });

  it('seals the personal part for the subject', async () => {
    const { open, stored, store } = scene();
    await open(1);
    expect((await stored())[0]).toMatchObject({ personal: { holder: 'Ada' }, subject });
    await store.destroyPerson(subject);
    expect((await stored())[0]).toMatchObject({ personal: null, subject });
  });

  it('writes nothing where nothing changes', async () => {
    const { run, open, stored } = scene();
    await open(1);
    const call = callOf('request 1');
    expect(await run({ do: 'nothing' }, call)).toEqual({ state: { open: true, left: 1, warnings: 0 }, revision: 0, eventIds: [] });
    expect(call.effects.eventIds).toEqual([]);
    expect(await stored()).toHaveLength(1);
  });

  it('refuses with the error of the decision', async () => {
    const { run, open } = scene();
    await open(1);
    await expect(run({ do: 'open', limit: 2 })).rejects.toMatchObject({ name: 'DomainError', code: 'AlreadyOpen' });
  });

  it('stores the events of a refusal first, with the refusal', async () => {
    const { run, open, stored } = scene();
    await open(10);
    const call = callOf();
    await expect(run({ do: 'spend', amount: 11 }, call)).rejects.toMatchObject({ code: 'TooMuch', details: { left: 10 } });
    const [, event] = await stored();
    expect(event).toMatchObject({ type: 'test.account.warned', meta: { refused: { code: 'TooMuch', details: { left: 10 } } } });
    expect(call.effects.eventIds).toEqual([event?.id]);
    await expect(run({ do: 'spend', amount: 11 })).rejects.toMatchObject({ code: 'TooMuch' });
    expect(await stored()).toHaveLength(2);
  });

  it('takes claims with the events and names them there, but not for a refusal', async () => {
    const { run, store, stored } = scene();
    const claim = { namespace: 'accounts', valueHash: 'ab', kind: 'number', owner: 'ada', claimId: 'claim 1' };
    await run({ do: 'open', limit: 10 }, callOf(), { subject, claims: ({ open }) => (open ? undefined : { take: [claim] }) });
    expect(await store.find(claim)).toEqual({ kind: 'number', owner: 'ada' });
    expect((await stored())[0]?.meta.claimIds).toEqual(['claim 1']);
    await run({ do: 'spend', amount: 11 }, callOf(), { claims: () => ({ release: [claim] }) }).catch(() => undefined);
    expect(await stored()).toHaveLength(2);
    expect(await store.find(claim)).toBeDefined();
    await run({ do: 'spend', amount: 1 }, callOf(), { claims: () => ({ release: [claim] }) });
    expect(await store.find(claim)).toBeUndefined();
    expect((await stored())[2]?.meta).not.toHaveProperty('claimIds');
  });

  it('passes on that a claim is taken, with nothing stored', async () => {
    const { run, store, stored } = scene();
    const claim = { namespace: 'accounts', valueHash: 'ab', kind: 'number', owner: 'eve', claimId: 'claim 1' };
    await run({ do: 'open', limit: 10 }, callOf(), { subject, claims: () => ({ take: [claim] }) });
    await expect(run({ do: 'spend', amount: 1 }, callOf(), { claims: () => ({ take: [{ ...claim, owner: 'ada' }] }) })).rejects.toMatchObject({ name: 'ClaimTaken', kind: 'number' });
    expect(await stored()).toHaveLength(1);
    expect(await store.find(claim)).toMatchObject({ owner: 'eve' });
  });

  it('loads no account that is not there', async () => {
    const { store } = scene();
    expect(await load(store, account, STREAM)).toEqual({ state: decider.initial, revision: NO_STREAM, stored: [] });
  });
});

describe('executing against others', () => {
  /** Somebody else spends between reading and appending, so often. */
  const beaten = ({ store, run }: ReturnType<typeof scene>, times: number): EventStore => ({
    ...store,
    async append(...args) {
      if (times-- > 0) await run({ do: 'spend', amount: 10 }, callOf());
      return store.append(...args);
    },
  });

  it('decides again on what the others left', async () => {
    const s = scene();
    await s.open(100);
    expect(await s.run({ do: 'spend', amount: 50 }, callOf(), {}, beaten(s, 3))).toMatchObject({ state: { left: 20 }, revision: 4 });
  });

  it('is refused when they left too little', async () => {
    const s = scene();
    await s.open(100);
    await expect(s.run({ do: 'spend', amount: 90 }, callOf(), {}, beaten(s, 2))).rejects.toMatchObject({ code: 'TooMuch', details: { left: 80 } });
  });

  it('asks anew which claims to change', async () => {
    const s = scene();
    await s.open(100);
    const seen: number[] = [];
    await s.run({ do: 'spend', amount: 1 }, callOf(), { claims: ({ left }) => void seen.push(left) }, beaten(s, 2));
    expect(seen).toEqual([100, 90, 80]);
  });

  it.each([[7, true], [8, false]])('gives up after eight conflicts in a row: %i', async (conflicts, done) => {
    const s = scene();
    await s.open(1_000);
    const result = await s.run({ do: 'spend', amount: 1 }, callOf(), {}, beaten(s, conflicts)).then(() => true, (error: Error) => error.name);
    expect(result).toBe(done || 'WrongRevision');
  });

  it('never overspends, whoever is first: 20 at once', async () => {
    const { run, open, stored } = scene();
    await open(5);
    await Promise.allSettled(Array.from({ length: 20 }, () => run({ do: 'spend', amount: 1 })));
    expect((await stored()).filter(({ type }) => type === 'test.account.spent')).toHaveLength(5);
  });
});

describe('a request that is repeated', () => {
  it('is answered from the state, with the ids of its first time', async () => {
    const { run, open, stored } = scene();
    await open(10);
    const first = await run({ do: 'spend', amount: 10 }, callOf('request 1', 'call 1'));
    const again = callOf('request 1', 'call 2');
    expect(await run({ do: 'spend', amount: 10 }, again)).toEqual(first);
    expect(again.effects.eventIds).toEqual(first.eventIds);
    expect(first.eventIds).toHaveLength(2);
    expect(await stored()).toHaveLength(3);
  });

  it('is answered from the state as it is now', async () => {
    const { run, open } = scene();
    await open(10);
    await run({ do: 'spend', amount: 1 }, callOf('request 1', 'call 1'));
    await run({ do: 'spend', amount: 2 }, callOf('request 2', 'call 2'));
    expect(await run({ do: 'spend', amount: 1 }, callOf('request 1', 'call 3'))).toMatchObject({ state: { left: 7 }, revision: 2 });
  });

  it('is refused as the first time was, though it would be refused otherwise now', async () => {
    const { run, open, stored } = scene();
    await open(10);
    await expect(run({ do: 'spend', amount: 11 }, callOf('request 1', 'call 1'))).rejects.toMatchObject({ code: 'TooMuch', details: { left: 10 } });
    await run({ do: 'spend', amount: 4 }, callOf('request 2', 'call 2'));
    const again = callOf('request 1', 'call 3');
    await expect(run({ do: 'spend', amount: 11 }, again)).rejects.toMatchObject({ code: 'TooMuch', details: { left: 10 } });
    expect(again.effects.eventIds).toEqual([(await stored())[1]?.id]);
    expect(await stored()).toHaveLength(3);
  });

  it('finds its events when the first answer was lost after they were stored', async () => {
    const { run, open, store, stored } = scene();
    await open(10);
    store.failNextAppend('after');
    await expect(run({ do: 'spend', amount: 4 }, callOf('request 1'))).rejects.toMatchObject({ name: 'StoreUnavailable', outcome: 'unknown' });
    expect(await run({ do: 'spend', amount: 4 }, callOf('request 1'))).toMatchObject({ state: { left: 6 } });
    expect(await stored()).toHaveLength(2);
  });

  it('is done now when it was lost before', async () => {
    const { run, open, store, stored } = scene();
    await open(10);
    store.failNextAppend('before');
    await expect(run({ do: 'spend', amount: 4 }, callOf('request 1'))).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(await run({ do: 'spend', amount: 4 }, callOf('request 1'))).toMatchObject({ state: { left: 6 } });
    expect(await stored()).toHaveLength(2);
  });

  it('twice at once happens once', async () => {
    const { run, open, stored } = scene();
    await open(10);
    const answers = await Promise.all([1, 2].map((n) => run({ do: 'spend', amount: 4 }, callOf('request 1', `call ${n}`))));
    expect(answers.map(({ state }) => state.left)).toEqual([6, 6]);
    expect(await stored()).toHaveLength(2);
  });

  it.each([[10 * 60 * 1_000 - 1, 6, 2], [10 * 60 * 1_000, 2, 3]])('counts as a repeat for ten minutes: after %i ms', async (millis, left, events) => {
    const { time, run, open, stored } = scene();
    await open(10);
    await run({ do: 'spend', amount: 4 }, callOf('request 1', 'call 1'));
    await time.pause(millis).over;
    const outcome = await run({ do: 'spend', amount: 4 }, callOf('request 1', 'call 2')).then(({ state }) => state.left, (error: Error) => error.name);
    expect([outcome, (await stored()).length]).toEqual([left, events]);
  });

  it('after that makes events with ids of their own, and can be repeated itself', async () => {
    const { time, run, open, stored } = scene();
    await open(10);
    for (const correlationId of ['call 1', 'call 2', 'call 3']) {
      await run({ do: 'spend', amount: 2 }, callOf('request 1', correlationId));
      expect(await run({ do: 'spend', amount: 2 }, callOf('request 1', `${correlationId} again`))).toMatchObject({ eventIds: [(await stored()).at(-1)?.id] });
      await time.pause(10 * 60 * 1_000).over;
    }
    expect(new Set((await stored()).map(({ id }) => id)).size).toBe(4);
  });

  it('is another one without the invocation id of its sender', async () => {
    const { run, open } = scene();
    await open(10);
    await run({ do: 'spend', amount: 4 });
    expect(await run({ do: 'spend', amount: 4 })).toMatchObject({ state: { left: 2 } });
  });

  it('makes other ids in another stream', async () => {
    const { run, store, open } = scene();
    await open(10);
    const { eventIds } = await run({ do: 'spend', amount: 4 }, callOf('request 1'));
    const needs = { store, ids: testIds(), now: () => virtualTime().now() };
    const other = await execute(needs, account, 'test.account-2', { do: 'open', limit: 1 }, callOf('request 1'), { subject });
    expect(other.eventIds).not.toEqual(eventIds);
  });
});
