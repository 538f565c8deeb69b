import { describe, expect, it } from '@jest/globals';
import { readModel } from '@rollcall/eventing';
import { memoryStore, memoryTable } from '@rollcall/eventing/testing';
import type { DomainEvent, EventId } from '@rollcall/kernel';

import { attributesChanged, userConfirmed, userDeleted, userDisabled, userEnabled } from '../src/domain/user.events.js';
import { userCounts, type UserCountTable } from '../src/read-models/user-counts.js';
import { usersByPool, type UserKeys, type UserRow, type UserTable } from '../src/read-models/users-by-pool.js';
import { later, noon } from './given.js';
import { ada, SUB } from './people.js';

type Kept = UserRow & { readonly keys: UserKeys };
const poolId = 'eu-west-1_abc';

/** Rows after these events, with the person's key destroyed or not. */
async function after(events: readonly DomainEvent[], erased = false) {
  const store = memoryStore();
  const users = memoryTable<Kept, UserTable>(store, (rows) => ({
    put: async (row, keys) => rows.put(row.sub, { ...row, keys }),
    change: async (_pool, sub, to) => { const row = rows.get(sub); if (row) rows.put(sub, { ...row, ...to }); },
    set: async (_pool, sub, set, keys) => {
      const row = rows.get(sub);
      if (row) rows.put(sub, { ...row, attributes: [...new Map([...row.attributes, ...set])], keys: { ...row.keys, ...keys } });
    },
    delete: async (_pool, sub) => rows.delete(sub),
  }));
  const counts = memoryTable<number, UserCountTable>(store, (rows) => ({ add: async (pool, n) => rows.put(pool, (rows.get(pool) ?? 0) + n) }));
  const models = [readModel(usersByPool, users), readModel(userCounts, counts)];
  const meta = { correlationId: 'call', operation: 'Test', caller: { kind: 'administrator', id: 'AKIA' } };
  for (const [n, event] of events.entries())
    await store.append(`directory.user-${poolId}.${SUB}`, n - 1, [{ ...event, id: `event ${n}` as EventId, subject: { poolId, sub: SUB } }], { meta });
  if (erased) await store.destroyPerson({ poolId, sub: SUB });
  const stored = await store.readAll({ prefixes: ['directory.user-'], limit: 100 });
  await store.transaction(async (tx) => {
    for (const model of models) {
      await model.create(tx, model.tableName);
      await model.apply(stored.events, tx, model.tableName);
    }
  });
  return store.snapshot(async (tx) => ({
    user: store.rows<Kept>(tx, 'directory_users_by_pool_v1').get(SUB),
    count: store.rows<number>(tx, 'directory_user_counts_v1').get(poolId),
  }));
}

describe('the row of a user', () => {
  const signedUp = ada([['email', 'ada@example.com'], ['custom:team', 'blue']]);

  it('has all attributes, and those that are searched by again as keys', async () =>
    expect(await after([signedUp])).toEqual({
      user: {
        poolId, sub: SUB, username: 'ada', attributes: [['email', 'ada@example.com'], ['custom:team', 'blue']], status: 'UNCONFIRMED', enabled: true,
        createdAt: noon, updatedAt: noon, keys: { username: 'ada', email: 'ada@example.com' },
      },
      count: 1,
    }));
  it('has the user name as key, whatever attribute is called so', async () =>
    expect((await after([ada([['username', 'eve']])])).user?.keys).toEqual({ username: 'ada' }));
  it('follows confirmation, new values, disabling and enabling', async () => {
    const changed = [signedUp, userConfirmed({ at: noon }), attributesChanged({ at: later }, { set: [['email', 'new@example.com'], ['name', 'Ada']] })];
    expect((await after(changed)).user).toMatchObject({
      status: 'CONFIRMED', updatedAt: later, keys: { username: 'ada', email: 'new@example.com', name: 'Ada' },
      attributes: [['email', 'new@example.com'], ['custom:team', 'blue'], ['name', 'Ada']],
    });
    expect((await after([...changed, userDisabled({ at: later })])).user).toMatchObject({ enabled: false });
    expect((await after([...changed, userDisabled({ at: later }), userEnabled({ at: later })])).user).toMatchObject({ enabled: true });
  });
  it('goes with the user', async () => expect(await after([signedUp, userDeleted({ at: later })])).toEqual({ user: undefined, count: 0 }));
  it('K7: is not made again from the log of an erased person', async () => {
    const events = [signedUp, attributesChanged({ at: later }, { set: [['name', 'Ada']] }), userConfirmed({ at: later })];
    expect((await after(events, true)).user).toBeUndefined();
    expect(await after([...events, userDeleted({ at: later })], true)).toEqual({ user: undefined, count: 0 });
  });
});
