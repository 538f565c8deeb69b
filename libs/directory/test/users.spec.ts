import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CallContext, wire } from '@rollcall/contracts';
import { canonicalJson } from '@rollcall/kernel';

import { contexts } from '../src/application/contexts.js';
import { createPool, deletePool } from '../src/application/pools.js';
import {
  choosePassword, confirmUser, createUser, deleteUser, findUserByName, getUser, namesCredential, register, signOutEverywhere,
} from '../src/application/users.js';
import { call } from './call.js';
import { noon } from './given.js';
import { memoryNeeds } from './needs.js';
import { credential, family, OTHER, SUB } from './people.js';

interface Asked {
  readonly sub?: string;
  readonly username?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly confirmed?: boolean;
  readonly credentialId?: string;
  readonly temporaryUntil?: number;
}

async function pool(settings: object = {}) {
  const needs = memoryNeeds();
  const known = contexts(needs);
  const { poolId } = await createPool(needs)({ region: 'eu-west-1', settingsJson: canonicalJson({ PoolName: 'people', ...settings }) }, call());
  const asked = ({ attributes = {}, ...more }: Asked) => ({
    poolId, sub: SUB, username: 'ada', confirmed: false, forceAliasCreation: false, ...more,
    attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
  });
  const named = (name: string) => ({ poolId, by: { $case: 'name' as const, value: name } });
  const ofSub = (sub: string) => ({ poolId, by: { $case: 'sub' as const, value: sub } });
  return {
    ...needs, poolId, known, named, ofSub,
    register: (user: Asked = {}, by: CallContext = call()) => register(needs, known)(asked(user), by),
    create: (user: Asked = {}, by: CallContext = call()) => createUser(needs, known)(asked(user), by),
    confirm: (verifiedAttribute?: string, sub = SUB, by: CallContext = call()) => confirmUser(needs, known)({ poolId, sub, verifiedAttribute, forceAliasCreation: false }, by),
    choose: (choice: object, sub = SUB) =>
      choosePassword(needs, known)({ poolId, sub, credentialId: credential(2), origin: 'user', attributes: [], signOut: false, ...choice }, call()),
    get: (ref: wire.directory.UserRef = ofSub(SUB)) => getUser(needs, known)(ref, call()),
    find: async (name: string, by: CallContext = call()) => (await findUserByName(needs, known)(named(name), by)).user?.sub,
    signOut: (name: string, by: CallContext = call()) => signOutEverywhere(needs, known)(named(name), by),
    remove: (ref: wire.directory.UserRef, by: CallContext = call()) => deleteUser(needs, known)(ref, by),
    names: (credentialId: string, sub = SUB) => namesCredential(needs)({ poolId, sub, credentialId }, call()),
    deletePool: () => deletePool(needs, known)({ poolId }, call()),
  };
}

const refused = (code: string, details = {}) => expect.objectContaining({ code, details: expect.objectContaining(details) as unknown });

describe('a user who signs up', () => {
  it('is answered as it is now', async () => {
    const { poolId, register: signUp, get } = await pool();
    const user = await signUp({ attributes: { name: 'Ada' }, credentialId: credential(1) });
    expect(user).toEqual({
      poolId, sub: SUB, username: 'ada', attributes: [{ name: 'name', value: 'Ada' }], status: 'UNCONFIRMED', enabled: true, createdAt: noon, updatedAt: noon,
      credentialId: credential(1), temporaryUntil: undefined, sessionGeneration: 0, sparedFamily: undefined, revision: 0, groups: [],
    });
    expect(await get()).toEqual(user);
  });
  it('is recorded with what the call did', async () => {
    const { register: signUp } = await pool();
    const by = call();
    await signUp({ confirmed: true }, by);
    expect(by.effects).toEqual({ sub: SUB, eventIds: [expect.any(String), expect.any(String)] });
  });
  it('keeps name and attributes out of the clear part of the log', async () => {
    const p = await pool();
    await p.register({ username: 'lovelace', attributes: { email: 'ada@example.com' } });
    await p.store.destroyPerson({ poolId: p.poolId, sub: SUB });
    expect(JSON.stringify(await p.store.readAll({ prefixes: ['directory.'], limit: 100 }))).not.toMatch(/lovelace|ada@/);
  });
  it('K9: is one user, however often the request is repeated, and answered alike', async () => {
    const p = await pool();
    const first = await p.register({}, call('key'));
    const head = await p.store.head();
    expect(await p.register({}, call('key'))).toEqual(first);
    expect(await p.store.head()).toBe(head);
  });
  it('K9: needs a fresh sub where the same request comes after the user was deleted, or late', async () => {
    const p = await pool();
    await p.register({}, call('key'));
    await p.remove(p.named('ada'));
    await expect(p.register({}, call('key'))).rejects.toEqual(refused('UserChangedMeanwhile'));
    await p.register({ sub: OTHER }, call('key 2'));
    p.pass(11 * 60 * 1000);
    await expect(p.register({ sub: OTHER }, call('key 2'))).rejects.toEqual(refused('UserChangedMeanwhile'));
  });
  it('has a name of its own', async () => {
    const p = await pool();
    await p.register();
    await expect(p.register({ sub: OTHER })).rejects.toEqual(refused('UsernameTaken'));
    await expect(p.create({ sub: OTHER })).rejects.toEqual(refused('UsernameTaken'));
    await p.register({ sub: OTHER, username: 'Ada' });
  });
  it('E8: has a name that no other spelling of it takes', async () => {
    const p = await pool({ UsernameConfiguration: { CaseSensitive: false } });
    await p.register({ username: 'Am\u00e9lie' });
    for (const username of ['am\u00e9lie', 'AME\u0301LIE']) await expect(p.register({ sub: OTHER, username })).rejects.toEqual(refused('UsernameTaken'));
    expect(await p.find('AME\u0301LIE')).toBe(SUB);
  });
  it('cannot call itself by somebody\'s sub', async () => {
    const p = await pool();
    await p.register();
    await expect(p.register({ sub: OTHER, username: SUB })).rejects.toEqual(refused('UsernameTaken'));
  });
  it('gets no sub that is somebody\'s name', async () => {
    const p = await pool();
    await p.register({ username: OTHER });
    await expect(p.register({ sub: OTHER, username: 'eve' })).rejects.toEqual(refused('UserChangedMeanwhile'));
  });
  it('is one of 20 who want the name at the same moment', async () => {
    const p = await pool();
    const subs = Array.from({ length: 20 }, (_, n) => SUB.replace(/..$/, String(n).padStart(2, '0')));
    const results = await Promise.allSettled(subs.map((sub) => p.register({ sub })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.filter((r) => r.status === 'rejected' && (r.reason as { code: string }).code === 'UsernameTaken')).toHaveLength(19);
  });
  it('J10: is refused what only Rollcall says', async () => {
    const p = await pool();
    for (const name of ['sub', 'identities', 'email_verified', 'phone_number_verified'])
      await expect(p.register({ attributes: { [name]: 'true' } })).rejects.toEqual(refused('AttributeNotWritable', { attribute: name }));
    await expect(p.get()).rejects.toEqual(refused('UserNotFound'));
  });
  it('needs a sub and a credential id of their form', async () => {
    const p = await pool();
    await expect(p.register({ sub: 'ada' })).rejects.toEqual(refused('InvalidParameter'));
    await expect(p.register({ credentialId: 'secret' })).rejects.toEqual(refused('InvalidParameter'));
  });
});

describe('a user of a pool that signs in by an address', () => {
  const byEither = { UsernameAttributes: ['email', 'phone_number'] };
  const email = { username: 'ada@example.com' };

  it('is found by it before it is proved, and called by its sub', async () => {
    const p = await pool(byEither);
    expect((await p.register(email)).username).toBe(SUB);
    expect([await p.find('ada@example.com'), await p.find(SUB)]).toEqual([SUB, SUB]);
  });
  it('is the only one who has it', async () => {
    const p = await pool(byEither);
    await p.register(email);
    await expect(p.register({ ...email, sub: OTHER })).rejects.toEqual(refused('NameAttributeTaken', { kind: 'email' }));
    await expect(p.create({ ...email, sub: OTHER })).rejects.toEqual(refused('NameAttributeTaken', { kind: 'email' }));
  });
  it('blocks nobody else by another address that it merely typed', async () => {
    const p = await pool(byEither);
    await p.register({ ...email, attributes: { phone_number: '+12025550100' } });
    await p.register({ sub: OTHER, username: '+12025550100' });
    expect(await p.find('+12025550100')).toBe(OTHER);
    await expect(p.confirm('phone_number')).rejects.toEqual(refused('AliasTaken', { kind: 'phone_number' }));
  });
});

describe('an alias', () => {
  const aliased = { AliasAttributes: ['email', 'phone_number', 'preferred_username'] };
  const both = { attributes: { email: 'ada@example.com' } };

  it('finds nobody before it is proved', async () => {
    const p = await pool(aliased);
    await p.register(both);
    expect(await p.find('ada@example.com')).toBeUndefined();
    await p.confirm('email');
    expect(await p.find('ada@example.com')).toBe(SUB);
  });
  it('is not proved by an administrator\'s confirmation', async () => {
    const p = await pool(aliased);
    await p.register(both);
    expect(await p.confirm()).toMatchObject({ status: 'CONFIRMED', attributes: expect.arrayContaining([{ name: 'email_verified', value: 'false' }]) as unknown });
    expect(await p.find('ada@example.com')).toBeUndefined();
  });
  it('belongs to the first who proves it; the other stays unconfirmed', async () => {
    const p = await pool(aliased);
    await p.register(both);
    await p.register({ ...both, sub: OTHER, username: 'eve' });
    await p.confirm('email', OTHER);
    await expect(p.confirm('email')).rejects.toEqual(refused('AliasTaken', { kind: 'email' }));
    expect((await p.get()).status).toBe('UNCONFIRMED');
  });
  it('is taken at once where an administrator vouches for it, and not taken from anybody', async () => {
    const p = await pool(aliased);
    await p.create({ attributes: { email: 'ada@example.com', email_verified: 'true' } });
    expect(await p.find('ada@example.com')).toBe(SUB);
    const eve = { sub: OTHER, username: 'eve', attributes: { email: 'ada@example.com', email_verified: 'true' } };
    await expect(p.create(eve)).rejects.toEqual(refused('AliasTaken', { kind: 'email' }));
    await p.create({ ...eve, attributes: { email: 'ada@example.com' } });
  });
  it('is no name that somebody has, nor the other way round', async () => {
    const p = await pool(aliased);
    await p.create({ attributes: { preferred_username: 'countess' } });
    await expect(p.register({ sub: OTHER, username: 'countess' })).rejects.toEqual(refused('UsernameTaken'));
    await expect(p.create({ sub: OTHER, username: 'eve', attributes: { preferred_username: 'ada' } })).rejects.toEqual(refused('AliasTaken', { kind: 'preferred_username' }));
  });
  it('belongs to one of 20 who prove it at the same moment', async () => {
    const p = await pool(aliased);
    const subs = Array.from({ length: 20 }, (_, n) => SUB.replace(/..$/, String(n).padStart(2, '0')));
    for (const [n, sub] of subs.entries()) await p.register({ ...both, sub, username: `ada${n}` });
    const results = await Promise.allSettled(subs.map((sub) => p.confirm('email', sub)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.filter((r) => r.status === 'rejected' && (r.reason as { code: string }).code === 'AliasTaken')).toHaveLength(19);
    expect(await p.find('ada@example.com')).toBe(subs[results.findIndex(({ status }) => status === 'fulfilled')]);
  });
});

describe('finding a user', () => {
  it('K1: costs the same for everybody and nobody', async () => {
    const p = await pool();
    await p.register();
    p.work();
    expect(await p.find('ada')).toBe(SUB);
    expect(p.work()).toEqual({ reads: 1, lookups: 1 });
    expect(p.pretended()).toBe(0);
    expect(await p.find('nobody')).toBeUndefined();
    expect(p.work()).toEqual({ reads: 1, lookups: 1 });
    expect(p.pretended()).toBe(1); // the store looked for the known one's key when it read the stream
    await p.get();
    expect(p.work()).toEqual({ reads: 1, lookups: 0 });
  });
  it('tells the call whom it concerns', async () => {
    const p = await pool();
    await p.register();
    const [known, unknown] = [call(), call()];
    await p.find('ada', known);
    await p.find('nobody', unknown);
    expect([known.effects.sub, unknown.effects.sub]).toEqual([SUB, undefined]);
  });
  it('fails for a name or sub of nobody where somebody is needed', async () => {
    const p = await pool();
    for (const ref of [p.named('nobody'), p.ofSub(OTHER), p.ofSub('nobody')]) {
      await expect(p.get(ref)).rejects.toEqual(refused('UserNotFound'));
      await expect(p.remove(ref)).rejects.toEqual(refused('UserNotFound'));
    }
    await expect(p.confirm(undefined, 'nobody')).rejects.toEqual(refused('UserNotFound'));
    await expect(p.signOut('nobody')).rejects.toEqual(refused('UserNotFound'));
    await expect(p.choose({}, OTHER)).rejects.toEqual(refused('UserNotFound'));
  });
  it('finds nobody of another pool', async () => {
    const p = await pool();
    await p.register();
    const other = await createPool(p)({ region: 'eu-west-1', settingsJson: '{"PoolName":"others"}' }, call());
    expect(await findUserByName(p, p.known)({ ...p.named('ada'), poolId: other.poolId }, call())).toEqual({});
    expect(await findUserByName(p, p.known)({ ...p.ofSub(SUB), poolId: other.poolId }, call())).toEqual({});
  });
});

describe('a change of a user', () => {
  let p: Awaited<ReturnType<typeof pool>>;
  beforeEach(async () => {
    p = await pool();
    await p.register({ credentialId: credential(1) });
  });

  it('confirms once, and a repeated request is answered as the first', async () => {
    const first = await p.confirm(undefined, SUB, call('key'));
    expect(await p.confirm(undefined, SUB, call('key'))).toEqual(first);
    await expect(p.confirm()).rejects.toEqual(refused('AlreadyConfirmed', { status: 'CONFIRMED' }));
  });
  it('chooses a password and ends sessions but for one family', async () => {
    expect(await p.choose({ madeFor: credential(1), signOut: true, sparedFamily: family(1) }))
      .toMatchObject({ status: 'CONFIRMED', credentialId: credential(2), sessionGeneration: 1, sparedFamily: family(1), revision: 2 });
    await expect(p.choose({ credentialId: credential(3), madeFor: credential(1) })).rejects.toEqual(refused('UserChangedMeanwhile'));
  });
  it('gives a temporary password', async () => {
    expect(await p.choose({ origin: 'administrator', temporaryUntil: noon + 60 })).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD', temporaryUntil: noon + 60 });
  });
  it('refuses what is no origin and no address', async () => {
    await expect(p.choose({ origin: 'thief' })).rejects.toEqual(refused('InvalidParameter'));
    await expect(p.confirm('name')).rejects.toEqual(refused('InvalidParameter'));
  });
  it('knows which credentials it has named', async () => {
    await p.choose({});
    expect([await p.names(credential(1)), await p.names(credential(2)), await p.names(credential(3)), await p.names(credential(1), OTHER), await p.names(credential(1), 'nobody')])
      .toEqual([{ named: 'earlier' }, { named: 'current' }, { named: 'never' }, { named: 'never' }, { named: 'never' }]);
  });
  it('raises the session generation each time, for any name of the user', async () => {
    expect((await p.signOut('ada')).sessionGeneration).toBe(1);
    expect((await p.signOut(SUB)).sessionGeneration).toBe(2);
  });
  it('ends all sessions once for a repeated request', async () => {
    expect([(await p.signOut('ada', call('key'))).sessionGeneration, (await p.signOut('ada', call('key'))).sessionGeneration]).toEqual([1, 1]);
  });
  it('lets one of 20 changes win that proved the same password', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => p.choose({ credentialId: credential(10 + n), madeFor: credential(1) })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
  it('loses no raise of the generation among 20 at the same moment, though some are asked to try again', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => p.signOut('ada')));
    const raised = results.filter(({ status }) => status === 'fulfilled').length;
    expect(results.filter((r) => r.status === 'rejected' && (r.reason as { code: string }).code === 'TooManyRequests')).toHaveLength(20 - raised);
    expect((await p.get()).sessionGeneration).toBe(raised);
  });
  it('B7: is gone for every question as soon as the deletion is answered, and its name free', async () => {
    await p.remove(p.named('ada'));
    expect(await p.find('ada')).toBeUndefined();
    await expect(p.get()).rejects.toEqual(refused('UserNotFound'));
    await expect(p.get(p.named('ada'))).rejects.toEqual(refused('UserNotFound'));
    expect(await p.names(credential(1))).toEqual({ named: 'never' });
    await expect(p.remove(p.ofSub(SUB))).rejects.toEqual(refused('UserNotFound'));
    expect((await p.register({ sub: OTHER })).sub).toBe(OTHER);
  });
  it('is deleted once for a repeated request', async () => {
    expect([await p.remove(p.ofSub(SUB), call('key')), await p.remove(p.ofSub(SUB), call('key'))]).toEqual([{}, {}]);
  });
  it('ends with the pool', async () => {
    await p.deletePool();
    const gone = refused('PoolNotFound', { poolId: p.poolId });
    await expect(p.get()).rejects.toEqual(gone);
    await expect(p.find('ada')).rejects.toEqual(gone);
    await expect(p.register({ sub: OTHER, username: 'eve' })).rejects.toEqual(gone);
    await expect(p.create({ sub: OTHER, username: 'eve' })).rejects.toEqual(gone);
    await expect(p.confirm()).rejects.toEqual(gone);
    await expect(p.choose({})).rejects.toEqual(gone);
    await expect(p.signOut('ada')).rejects.toEqual(gone);
    await expect(p.remove(p.named('ada'))).rejects.toEqual(gone);
  });
});
