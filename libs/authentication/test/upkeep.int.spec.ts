import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemTime } from '@rollcall/eventing';

import { rowEffects } from '../src/adapters/row-effects.js';
import { postgresRowUpkeep } from '../src/adapters/postgres-row-upkeep.js';
import { authenticationConsumer } from '../src/application/purge.js';
import { reviewCredentials } from '../src/application/review-credentials.js';
import { upkeepRound } from '../src/application/upkeep.js';
import { authenticationDatabase, databaseWorld, type AuthenticationDatabase, type DatabaseWorld } from './support/database-world.js';
import { ada, callOf, codeOf, poolId, tokensIn } from './support/world.js';

let database: AuthenticationDatabase;
beforeAll(async () => { database = await authenticationDatabase(); });
afterAll(async () => {
  await database.store.close();
  await database.close();
});

const tables = ['sending', 'code_request', 'budget', 'credential_review', 'vault', 'lockout', 'single_use'];
let w: DatabaseWorld;
beforeEach(async () => {
  for (const table of tables) await database.db.queryOnce(`delete from authentication.${table}`);
  w = databaseWorld(database);
});
const count = async (table: string) => (await database.db.queryOnce<{ n: number }>(`select count(*) as n from authentication.${table}`)).rows[0]?.n;
const vaultIds = async () => (await database.db.queryOnce<{ id: string }>('select id from authentication.vault order by made_at')).rows.map(({ id }) => id);
/** As if all passwords had been made so long ago. */
const age = (millis: number) => Promise.all(['credential_review', 'vault'].map((table) => database.db.queryOnce(`update authentication.${table} set made_at = made_at - $1`, [millis])));
const setPassword = (password: string) => w.service.adminSetUserPassword({ poolId, username: 'ada', password, permanent: true }, callOf());
const upkeep = () => ({ ...w.needs, checkpoints: database.store.checkpoints, rows: postgresRowUpkeep(database), time: systemTime, log: w.log });

describe('passwords that are looked after', () => {
  it('are left alone for a minute', async () => {
    await w.signUp();
    expect(await codeOf(w.signUp())).toBe('UsernameTaken');
    await age(59_000);
    expect([await reviewCredentials(upkeep(), 'c'), await count('vault')]).toEqual([0, 2]);
  });
  it('go if the user\'s stream never named them, and stay if it does', async () => {
    await w.signUp();
    expect(await codeOf(w.signUp())).toBe('UsernameTaken');
    await age(60_000);
    expect([await reviewCredentials(upkeep(), 'c'), await count('vault'), await count('credential_review')]).toEqual([2, 1, 0]);
    expect(await vaultIds()).toEqual([w.directory.users()[0]?.credentialId]);
  });
  it('that are old go, but for as many as the pool remembers', async () => {
    await w.user();
    const passwords = ['Analytical-2', 'Analytical-3', 'Analytical-4', 'Analytical-5'];
    for (const password of passwords) {
      await setPassword(password);
      await age(60_000);
    }
    const ids = await vaultIds();
    w.directory.pool({ Policies: { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: 2 } } });
    await reviewCredentials(upkeep(), 'c');
    expect(await vaultIds()).toEqual(ids.slice(-3));
    expect(await codeOf(setPassword('Analytical-3'))).toBe('PasswordReused');
    await age(60_000);
    w.directory.pool({});
    await setPassword('Analytical-6');
    await age(60_000);
    await reviewCredentials(upkeep(), 'c');
    expect(await vaultIds()).toEqual([w.directory.users()[0]?.credentialId]);
    expect(tokensIn(await w.signIn('Analytical-6')).tokenType).toBe('Bearer');
  });
  it('never go while they are the user\'s, though a change that did not happen left a newer one', async () => {
    await w.user();
    await setPassword('Analytical-2');
    const choose = w.directory.port.choosePassword;
    Object.assign(w.needs.directory, { choosePassword: async () => { throw new Error('killed'); } });
    await expect(setPassword('Analytical-3')).rejects.toThrow('killed');
    Object.assign(w.needs.directory, { choosePassword: choose });
    await age(60_000);
    await reviewCredentials(upkeep(), 'c');
    expect(await vaultIds()).toEqual([w.directory.users()[0]?.credentialId]);
    expect(tokensIn(await w.signIn('Analytical-2')).tokenType).toBe('Bearer');
  });
  it('of somebody who is gone go', async () => {
    const { sub } = await w.signUp();
    w.directory.delete(sub);
    await age(60_000);
    await reviewCredentials(upkeep(), 'c');
    expect(await count('vault')).toBe(0);
  });
  it('have a minute more if their request is repeated', async () => {
    Object.assign(w.needs.directory, { register: async () => { throw new Error('killed'); } });
    const call = callOf({ requestKey: 'repeated' });
    await expect(w.signUp({ call })).rejects.toThrow('killed');
    await age(59_000);
    await expect(w.signUp({ call })).rejects.toThrow('killed'); // or is about to name the row
    await age(30_000);
    expect([await reviewCredentials(upkeep(), 'c'), await count('vault')]).toEqual([0, 1]);
    await age(30_000);
    expect([await reviewCredentials(upkeep(), 'c'), await count('vault')]).toEqual([1, 0]);
  });
  it('wait for a directory that is away', async () => {
    await w.signUp();
    await age(60_000);
    const names = w.directory.port.namesCredential;
    Object.assign(w.needs.directory, { namesCredential: async () => { throw new Error('away'); } });
    await upkeepRound(upkeep());
    expect([w.log.messages('warn'), await count('credential_review')]).toEqual([['a password could not be looked after and waits'], 1]);
    Object.assign(w.needs.directory, { namesCredential: names });
    expect([await reviewCredentials(upkeep(), 'c'), await count('vault')]).toEqual([0, 1]); // not again at once
    await age(60_000);
    expect([await reviewCredentials(upkeep(), 'c'), await count('credential_review'), await count('vault')]).toEqual([1, 0, 1]);
  });
  it('keep no others waiting, nor rows that have had their day, if one cannot be looked after', async () => {
    const { sub } = await w.signUp();
    await age(1_000);
    await w.signUp({ username: 'grace' });
    await age(60_000);
    await database.db.queryOnce('update authentication.code_request set expires_at = 0');
    const names = w.directory.port.namesCredential;
    Object.assign(w.needs.directory, { namesCredential: async (ref: { readonly sub: string }, call: never) => {
      if (ref.sub === sub) throw new Error('a changed byte');
      return names(ref as never, call);
    } });
    await upkeepRound(upkeep());
    const { rows } = await database.db.queryOnce<{ sub: string }>('select sub from authentication.credential_review');
    expect([rows, await count('code_request')]).toEqual([[{ sub }], 0]);
  });
});

describe('a round of upkeep', () => {
  it('deletes rows that have had their day, in chunks, and no others', async () => {
    await w.user();
    for (let n = 0; n < 3; n++) await codeOf(w.signIn('wrong', { call: callOf({ source: `10.0.${n}.1` }) }));
    for (let n = 0; n < 3; n++) await w.signUp({ username: `user${n}` });
    for (let n = 0; n < 3; n++) await w.resend(`user${n}`);
    const until = Math.floor(Date.now() / 1000);
    for (let n = 0; n < 3; n++) await w.needs.singleUse.use(`value${n}`, (until + 60) as never, undefined, { correlationId: 'c', operation: 'o', caller: 'k:', poolId });
    const kept = async () => [await count('lockout'), await count('code_request'), await count('budget'), await count('single_use')];
    await upkeepRound(upkeep());
    expect(await kept()).toEqual([3, 3, 3, 3]);
    for (const [table, column] of [['lockout', 'locked_until'], ['code_request', 'expires_at'], ['budget', 'started_at'], ['single_use', 'expires_at']]) {
      await database.db.queryOnce(`update authentication.${table} set ${column} = ${column} - 100000000 where ctid in (select ctid from authentication.${table} limit 2)`);
    }
    expect(await postgresRowUpkeep(database).sweep(1)).toBe(4);
    await upkeepRound(upkeep());
    expect(await kept()).toEqual([1, 1, 1, 1]);
  });
  it('is one process\'s at a time', async () => {
    const lease = await database.store.checkpoints.acquire('authentication.upkeep', 60_000);
    await w.signUp();
    await age(60_000);
    await upkeepRound(upkeep());
    expect(await count('credential_review')).toBe(1);
    if (lease) await database.store.checkpoints.release(lease);
    await upkeepRound(upkeep());
    expect(await count('credential_review')).toBe(0);
  });
});

describe('what is left of somebody who is deleted', () => {
  const deliver = (event: { readonly type: string; readonly data: object }) => {
    const { on } = authenticationConsumer({ vault: database.store.vault, rows: postgresRowUpkeep(database), erasure: database.store.erasure });
    const handle = on[event.type as 'directory.user.deleted'];
    return database.store.transactions.transaction((tx) => handle?.(event as never, tx) ?? Promise.resolve());
  };
  it('is nothing, and others keep what is theirs', async () => {
    const [adas] = [await w.signUp(), await w.signUp({ username: 'grace' })];
    await deliver({ type: 'directory.user.deleted', data: { poolId, sub: adas.sub } });
    for (const table of ['vault', 'code_request', 'sending', 'credential_review']) expect([table, await count(table)]).toEqual([table, 1]);
    await deliver({ type: 'directory.user.deleted', data: { poolId, sub: adas.sub } });
    expect((await w.deliver()).map(({ to }) => to)).toEqual(['ada@example.com']); // grace's, under the same address
  });
  it('of a pool is unreadable', async () => {
    const other = 'eu-west-1_Gone';
    w.directory.pool({}, other);
    await w.needs.vault.put({ poolId: other, owner: 'o', id: 'i', kind: 'password' }, Buffer.from('secret'));
    await deliver({ type: 'directory.pool.deleted', data: { poolId: other } });
    expect(await w.needs.vault.get({ poolId: other, owner: 'o', id: 'i', kind: 'password' })).toBeUndefined();
  });
});

describe('K4: effects that must have their audit record', () => {
  const drained = async (before: number) => {
    const found: Record<string, unknown>[] = [];
    for (const source of rowEffects(database)) {
      for (let batch = await source.next(before); batch.length > 0; batch = await source.next(before)) {
        found.push(...batch.map(({ at: _, ...effect }) => ({ from: source.name, ...effect })));
        await source.done();
      }
    }
    return found;
  };
  it('are told once each, with call, caller and person', async () => {
    await drained(Date.now() + 1_000);
    await w.user();
    const caller = { kind: 'administrator', id: 'AKIA:1' } as const;
    await codeOf(w.signIn('wrong', { call: callOf({ correlationId: 'c-wrong', operation: 'AdminInitiateAuth', caller }) }));
    const { sub } = await w.signUp({ username: 'grace', call: callOf({ correlationId: 'c-sign-up', operation: 'SignUp' }) });
    expect(await drained(Date.now() - 60_000)).toEqual([]);
    expect(await drained(Date.now() + 1_000)).toEqual([
      { from: 'authentication.code_request', correlationId: 'c-sign-up', operation: 'SignUp', caller: { kind: 'anonymous', id: '' }, poolId, sub, eventIds: [] },
      { from: 'authentication.lockout', correlationId: 'c-wrong', operation: 'AdminInitiateAuth', caller, eventIds: [] },
    ]);
    expect(await drained(Date.now() + 1_000)).toEqual([]);
    await w.needs.singleUse.use('effect', (Math.floor(Date.now() / 1000) + 60) as never, undefined, { correlationId: 'c-use', operation: 'RespondToAuthChallenge', caller: 'anonymous:', poolId, sub: ada.sub });
    expect(await drained(Date.now() + 1_000)).toMatchObject([{ from: 'authentication.single_use', correlationId: 'c-use', poolId, sub: ada.sub }]);
  });
});
