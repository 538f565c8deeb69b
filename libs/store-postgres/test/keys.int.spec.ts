import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeyDestroyed, NO_STREAM, type Sealing, type ServiceKeys, type Vault, type VaultEntry } from '@rollcall/eventing';
import { by, fresh } from '@rollcall/eventing/testing';

import { prepareSchema, postgresServiceStore, type ServiceStore } from '../src/index.js';
import { postgresUnderTest, provider, type PostgresUnderTest } from './postgres-under-test.js';

let test: PostgresUnderTest;
let store: ServiceStore;
let other: ServiceStore;
let keys: ServiceKeys;
let vault: Vault;
let sealing: Sealing;

beforeAll(async () => {
  test = await postgresUnderTest();
  await prepareSchema(test.database.db, 'neighbour');
  store = test.another();
  other = postgresServiceStore({ db: test.database.db, service: 'neighbour', provider, shared: false });
  ({ keys, vault, sealing } = store);
}, 60_000);
afterAll(() => test.close());

const secret = Buffer.from('a verifier');
const rows = async (text: string, values: readonly unknown[] = []) => (await test.database.db.queryOnce(text, values)).rows;

describe('keys of a service', () => {
  it('are made once, whoever asks first, and stay', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => test.another().keys.serviceKey('claims')));
    expect(new Set(asked.map((key) => key.toString('hex'))).size).toBe(1);
    expect(asked[0]).toHaveLength(32);
    expect(await keys.serviceKey('claims')).toEqual(asked[0]);
  });

  it('differ by name and by service, and are stored wrapped', async () => {
    const [claims, codes, foreign] = [await keys.serviceKey('claims'), await keys.serviceKey('codes'), await other.keys.serviceKey('claims')];
    expect(new Set([claims, codes, foreign].map(String)).size).toBe(3);
    const [row] = await rows(`select wrapped from contract.service_key where name = 'claims'`);
    expect((row as { wrapped: Buffer }).wrapped.includes(claims)).toBe(false);
  });

  it('of a pool differ by pool and name, are the same in every process, and are gone with the pool', async () => {
    const [a, b, c] = [await keys.poolKey('pool 1', 'codes'), await keys.poolKey('pool 1', 'else'), await keys.poolKey('pool 2', 'codes')];
    expect(new Set([a, b, c].map(String)).size).toBe(3);
    expect(await test.another().keys.poolKey('pool 1', 'codes')).toEqual(a);
    await store.erasure.destroyPool('pool 1');
    for (const process of [store, test.another()]) await expect(process.keys.poolKey('pool 1', 'codes')).rejects.toThrow(KeyDestroyed);
    expect(await rows(`select wrapped from contract.pool_key where pool_id = 'pool 1'`)).toEqual([{ wrapped: null }]);
  });
});

describe('sealing for a person', () => {
  const ada = { poolId: 'pool 3', sub: 'ada' };

  it('opens for the same person and purpose alone', async () => {
    const sealed = await sealing.sealFor(ada, 'audit|7', secret);
    expect(sealed.includes(secret)).toBe(false);
    expect(await test.another().sealing.openFor(ada, 'audit|7', sealed)).toEqual(secret);
    await expect(sealing.openFor(ada, 'audit|8', sealed)).rejects.toThrow('seal broken');
    await sealing.sealFor({ ...ada, sub: 'eve' }, 'audit|7', secret);
    await expect(sealing.openFor({ ...ada, sub: 'eve' }, 'audit|7', sealed)).rejects.toThrow('seal broken');
  });

  it('ends with the key: nothing opens and nothing more is sealed, in other processes too', async () => {
    const sealed = await sealing.sealFor(ada, 'audit|7', secret);
    await store.erasure.destroyPerson(ada);
    for (const process of [store, test.another()]) {
      expect(await process.sealing.openFor(ada, 'audit|7', sealed)).toBeUndefined();
      await expect(process.sealing.sealFor(ada, 'audit|7', secret)).rejects.toThrow(KeyDestroyed);
    }
  });

  it('makes one key though 20 are first at once', async () => {
    const grace = { poolId: 'pool 3', sub: 'grace' };
    const sealed = await Promise.all(Array.from({ length: 20 }, () => test.another().sealing.sealFor(grace, 'x', secret)));
    for (const each of sealed) expect(await sealing.openFor(grace, 'x', each)).toEqual(secret);
  });

  it('K1: costs nobody what it costs a person, when it is asked first and when it is asked again', async () => {
    await sealing.sealFor({ poolId: 'pool 3', sub: 'iris' }, 'x', secret);
    let statements = 0;
    const counted = { ...test.database.db, repeatable: (async (...args) => { statements += 1; return test.database.db.repeatable(...args); }) as typeof test.database.db.repeatable };
    const cost = async (work: () => Promise<unknown>) => {
      statements = 0;
      await work();
      return statements;
    };
    const fresh = postgresServiceStore({ db: counted, service: 'contract', provider, shared: false }).sealing;
    await fresh.sealFor({ poolId: 'pool 3' }, 'x', secret); // the pool's own key is found
    const person = () => cost(() => fresh.sealFor({ poolId: 'pool 3', sub: 'iris' }, 'x', secret));
    const nobody = () => cost(() => fresh.pretend({ poolId: 'pool 3', sub: 'nobody' }));
    expect([await person(), await person()]).toEqual([1, 0]);
    expect([await nobody(), await nobody()]).toEqual([1, 0]);
    expect(await rows(`select from contract.person_key where sub = 'nobody'`)).toEqual([]);
    const born = await test.another().sealing.sealFor({ poolId: 'pool 3', sub: 'nobody' }, 'x', secret);
    expect(await fresh.openFor({ poolId: 'pool 3', sub: 'nobody' }, 'x', born)).toEqual(secret);
  });

  it('is for the pool where nobody is known, and ends with it, as do all of its people', async () => {
    const [nobody, henry] = [{ poolId: 'pool 4' }, { poolId: 'pool 4', sub: 'henry' }];
    const sealed = [await sealing.sealFor(nobody, 'x', secret), await sealing.sealFor(henry, 'x', secret)];
    expect(await sealing.openFor(nobody, 'x', sealed[0]!)).toEqual(secret);
    await store.erasure.destroyPool('pool 4');
    expect([await sealing.openFor(nobody, 'x', sealed[0]!), await sealing.openFor(henry, 'x', sealed[1]!)]).toEqual([undefined, undefined]);
    expect(await rows(`select from contract.person_key where pool_id = 'pool 4'`)).toEqual([]);
  });
});

describe('the vault', () => {
  let entries = 0;
  const entry = (owner = 'ada', poolId = 'pool 5'): VaultEntry => ({ poolId, owner, id: `credential ${(entries += 1)}`, kind: 'password' });

  it('keeps a secret sealed, and gives it back', async () => {
    const mine = entry();
    await vault.put(mine, secret);
    expect(await test.another().vault.get(mine)).toEqual(secret);
    const [row] = await rows('select sealed from contract.vault where id = $1', [mine.id]);
    expect((row as { sealed: Buffer }).sealed.includes(secret)).toBe(false);
    expect(await vault.get({ ...mine, id: 'none' })).toBeUndefined();
    expect(await vault.get({ ...mine, kind: 'totp' })).toBeUndefined();
  });

  it('overwrites nothing', async () => {
    const mine = entry();
    await vault.put(mine, secret);
    await vault.put(mine, Buffer.from('another'));
    expect(await vault.get(mine)).toEqual(secret);
  });

  it('does not open a row that was moved to another owner', async () => {
    const mine = entry();
    await vault.put(mine, secret);
    await rows(`update contract.vault set owner = 'eve' where id = $1`, [mine.id]);
    await expect(vault.get({ ...mine, owner: 'eve' })).rejects.toThrow('seal broken');
  });

  it('lists what an owner has, the newest first, and forgets one, all of an owner, all of a pool', async () => {
    const [first, second, hers, theirs] = [entry('lin', 'pool 6'), entry('lin', 'pool 6'), entry('mae', 'pool 6'), entry('lin', 'pool 7')];
    for (const each of [first, second, hers, theirs]) await vault.put(each, Buffer.from(each.id));
    await rows('update contract.vault set made_at = made_at + 1000 where id = $1', [second.id]);
    expect((await vault.list('pool 6', 'lin')).map(({ id, kind, secret: opened }) => [id, kind, opened.toString()])).toEqual([
      [second.id, 'password', second.id], [first.id, 'password', first.id]]);
    await vault.delete(first);
    expect([await vault.get(first), await vault.get(second)]).toEqual([undefined, Buffer.from(second.id)]);
    await vault.deleteOwner('pool 6', 'lin');
    expect([await vault.list('pool 6', 'lin'), (await vault.list('pool 6', 'mae')).length]).toEqual([[], 1]);
    await vault.deletePool('pool 6');
    expect([await vault.list('pool 6', 'mae'), (await vault.list('pool 7', 'lin')).length]).toEqual([[], 1]);
  });

  it('writes in the transaction that it is given', async () => {
    const mine = entry();
    await expect(store.transactions.transaction(async (tx) => {
      await vault.put(mine, secret, tx);
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await vault.get(mine)).toBeUndefined();
    await store.transactions.transaction((tx) => vault.put(mine, secret, tx));
    expect(await vault.get(mine)).toEqual(secret);
  });

  it('is shut when the key of the pool is destroyed', async () => {
    const mine = entry('ada', 'pool 8');
    await vault.put(mine, secret);
    await store.erasure.destroyPool('pool 8');
    expect([await vault.get(mine), await vault.list('pool 8', 'ada')]).toEqual([undefined, []]);
    await expect(vault.put(entry('ada', 'pool 8'), secret)).rejects.toThrow(KeyDestroyed);
  });
});

describe('progress', () => {
  it('never switches a read model back', async () => {
    const { serving } = store;
    expect(await serving.serving('users')).toBeUndefined();
    for (const version of [2, 1, 3]) await serving.switchTo('users', version);
    expect(await serving.serving('users')).toBe(3);
  });

  it('has an event of another service once per consumer, unless its effects are rolled back', async () => {
    const { consumed, transactions } = store;
    const take = (consumer: string) => transactions.transaction((tx) => consumed.firstTime(tx, consumer, 'event 1'));
    await expect(transactions.transaction(async (tx) => {
      await consumed.firstTime(tx, 'purge', 'event 1');
      throw new Error('no');
    })).rejects.toThrow('no');
    expect([await take('purge'), await take('purge'), await take('learn')]).toEqual([true, false, true]);
  });

  it('are remembered for a week, and then go a few at a time', async () => {
    const { transactions, consumed } = store;
    await test.database.db.queryOnce(`insert into contract.consumed (consumer, event_id, at)
      select 'week', n::text, clock_timestamp() - make_interval(days => case when n <= 8 then 8 else 6 end) from generate_series(1, 10) n`);
    const take = (id: string) => transactions.transaction((tx) => consumed.firstTime(tx, 'week', id));
    const left = async () => (await rows(`select event_id from contract.consumed where consumer = 'week' order by event_id`)).length;
    expect([await take('11'), await left()]).toEqual([true, 6]);
    expect([await take('9'), await left()]).toEqual([false, 3]);
    expect([await take('11'), await take('10'), await left()]).toEqual([false, false, 3]);
  });

  it('is seen in a snapshot as it was at its beginning, and nothing is written there', async () => {
    const { checkpoints, transactions, consumed, events } = store;
    const { position } = await events.append('snapshot', NO_STREAM, [fresh()], by);
    const lease = await checkpoints.acquire('seen', 60_000);
    const seen = await transactions.snapshot(async (tx) => {
      const before = await checkpoints.position('seen', tx);
      await checkpoints.commit(lease!, position, () => Promise.resolve());
      return [before, await checkpoints.position('seen', tx), await checkpoints.position('seen')];
    });
    expect(seen).toEqual([undefined, undefined, position]);
    await expect(transactions.snapshot((tx) => consumed.firstTime(tx, 'purge', 'event 2'))).rejects.toMatchObject({ reason: '25006' });
  });
});
