import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { IntegrationEvent } from '@rollcall/contracts';

import { tellUntold } from '../src/application/revocations.js';
import { callOf } from './call.js';
import { ada, adaAsCreated, appClient, otherClient, otherPoolId, poolId } from './fake-directory.js';
import { outcomeOf, presentedToCheck, tokenWorld, type TokenWorld } from './token-world.js';

let world: TokenWorld;
beforeAll(async () => { world = await tokenWorld(); });
beforeEach(async () => {
  world.directory.setClient(appClient, {});
  for (const table of ['refresh_family', 'family_purge', 'untold_revocation']) await world.db.queryOnce(`delete from token.${table}`);
});
afterAll(() => world.close());

const bob = 'b0b00000-0000-4000-8000-000000000000';
const count = async (table: string) => (await world.db.queryOnce<{ count: number }>(`select count(*) from token.${table}`)).rows[0]?.count;
const clientsLeft = async () =>
  (await world.db.queryOnce<{ left: string }>(`select client_id || ' ' || sub as left from token.refresh_family order by 1`)).rows.map(({ left }) => left);
const toldBy = ({ needs, log }: Pick<TokenWorld, 'needs' | 'log'>) => ({ ...needs, log });
const sweepAll = async () => { while (await world.needs.families.sweep(1) > 0); };

type Handled = keyof TokenWorld['consumer']['on'];
const event = <Type extends Handled, Data extends { poolId: string }>(type: Type, data: Data): IntegrationEvent<Type, Data> =>
  ({ id: 'e', type, version: 1, source: 'directory', partition: 'p', subject: { poolId: data.poolId }, time: 0, correlationId: 'c', operation: 'o', data });
const happens = async (type: Handled, data: Readonly<Record<string, string>> & { poolId: string }) =>
  world.db.tx((tx) => (world.consumer.on[type] as (event: unknown, tx: unknown) => Promise<void>)(event(type, data), tx));

describe('when directory says that something is gone', () => {
  beforeEach(async () => {
    world.directory.change(bob, { ...adaAsCreated, sub: bob });
    await world.signIn();
    await world.signIn({ clientId: otherClient });
    await world.signIn({ sub: bob });
  });

  it('a user\'s families go, and no one else\'s', async () => {
    await happens('directory.user.deleted', { poolId, sub: ada });
    await sweepAll();
    expect(await clientsLeft()).toEqual([`${appClient} ${bob}`]);
    expect([await count('refresh_token'), await count('family_purge')]).toEqual([1, 0]);
  });

  it('a client\'s families go', async () => {
    await happens('directory.client.deleted', { poolId, clientId: otherClient });
    await sweepAll();
    expect(await clientsLeft()).toEqual([`${appClient} ${ada}`, `${appClient} ${bob}`]);
  });

  it('nothing goes for an event of another pool', async () => {
    await happens('directory.user.deleted', { poolId: otherPoolId, sub: ada });
    await happens('directory.client.deleted', { poolId: otherPoolId, clientId: appClient });
    await happens('directory.pool.deleted', { poolId: otherPoolId });
    await sweepAll();
    expect(await count('refresh_family')).toBe(3);
  });

  it('a pool that never had keys gets none after it was deleted', async () => {
    await happens('directory.pool.deleted', { poolId: otherPoolId });
    expect(await outcomeOf(world.port.publicKeys({ poolId: otherPoolId }, callOf('jwks')))).toBe('PoolNotFound');
    expect(await count('vault')).toBe(2);
  });
});

describe('upkeep', () => {
  it('begins at once, and finishes what it has in hand when it is stopped', async () => {
    await world.signIn();
    await happens('directory.user.deleted', { poolId, sub: ada });
    await world.startUpkeep().stop();
    expect([await count('refresh_family'), await count('key_reserve')]).toEqual([0, 0]);
    expect(world.log.warnings).toEqual([]);
  });

  it('keeps an expired family while an access token of it may live, and then deletes it', async () => {
    const { accessToken } = await world.signIn();
    const expired = (hours: number) => world.db.queryOnce(`update token.refresh_family set expires_at = token.now_millis() - $1::bigint * 3600000`, [hours]);
    await expired(24);
    await sweepAll();
    expect(await outcomeOf(world.port.check(presentedToCheck(accessToken), callOf('GetUser')))).toBe('ok');
    await expired(26);
    await sweepAll();
    expect([await count('refresh_family'), await count('refresh_token')]).toEqual([0, 0]);
  });

  it('tells the log of a revocation whose process died in between, once, and names who caused it', async () => {
    const { family, refreshToken } = await world.signIn();
    const call = { ...callOf('RevokeToken'), caller: { kind: 'user', id: ada } } as const;
    await world.needs.families.revoke(family, 'request', call); // and then the power went
    expect(await outcomeOf(world.refresh(refreshToken ?? ''))).toBe('RefreshTokenRevoked');
    expect(await tellUntold(toldBy(world))).toBe(0); // its own call may still be at it
    await world.db.queryOnce('update token.untold_revocation set at = at - 10000');
    const another = world.anotherProcess();
    await Promise.all([tellUntold(toldBy(world)), tellUntold(toldBy(another))]);
    const { events } = await world.store.events.read(`token.family-${family}`);
    expect(events.map(({ type, meta }) => ({ type, meta }))).toEqual([
      { type: 'token.family.revoked', meta: { correlationId: call.correlationId, operation: 'RevokeToken', caller: { kind: 'user', id: ada } } },
    ]);
    expect(await count('untold_revocation')).toBe(0);
  });
});

describe('a revocation that the log cannot be told', () => {
  it('keeps no other from being told', async () => {
    const { log } = world;
    const [broken = '', ...others] = [await world.signIn(), await world.signIn(), await world.signIn()].map(({ family }) => family);
    for (const family of [broken, ...others]) await world.needs.families.revoke(family, 'request', callOf('RevokeToken'));
    await world.db.queryOnce('update token.untold_revocation set at = at - 10000');
    await world.db.queryOnce(`update token.untold_revocation set at = at - 1 where family = $1`, [broken]);
    const readBroken: typeof world.needs.store.read = async (stream, ...more) => {
      if (stream === `token.family-${broken}`) throw new Error('a changed byte');
      return world.needs.store.read(stream, ...more);
    };
    const needs = { ...toldBy(world), store: { ...world.needs.store, read: readBroken } };
    expect(await tellUntold(needs)).toBe(2);
    expect(log.warnings.splice(0)).toEqual(['a revocation could not be told to the log and is tried again']);
    expect((await world.db.queryOnce<{ family: string }>('select family from token.untold_revocation')).rows).toEqual([{ family: broken }]);
    expect(await tellUntold(toldBy(world))).toBe(1);
  });

  it('is passed by however many there are of them', async () => {
    await world.db.queryOnce(`insert into token.untold_revocation (family, pool_id, client_id, sub, reason, at, cause)
      select gen_random_uuid(), 'p', 'c', 's', 'request', n % 7, '{"correlationId":"c","operation":"o","caller":{"kind":"anonymous","id":""}}' from generate_series(1, 250) n`);
    const asked: string[] = [];
    const none = { ...toldBy(world), families: { ...world.needs.families, told: async (family: string) => { asked.push(family); throw new Error('away'); } } };
    expect(await tellUntold(none)).toBe(0);
    expect(new Set(asked).size).toBe(250);
    expect(world.log.warnings.splice(0)).toHaveLength(250);
  });
});

describe('what the audit is told of families', () => {
  beforeAll(() => world.db.queryOnce(`update token.effect_progress set issued_at = token.now_millis()`));
  const next = async () => (await world.effects.next(Date.now() + 60_000)).map(({ correlationId, operation, sub, clientId, caller }) => ({ correlationId, operation, sub, clientId, caller }));

  it('is each refresh token given out, with its call, until it has been dealt with', async () => {
    world.directory.setClient(appClient, { RefreshTokenRotation: { Feature: 'ENABLED' } });
    const [first, second] = [callOf('RespondToAuthChallenge'), callOf('GetTokensFromRefreshToken')];
    const { refreshToken = '' } = await world.signIn({}, first);
    await world.refresh(refreshToken, {}, second);
    const effects = [first, second].map(({ correlationId, operation, caller }) => ({ correlationId, operation, sub: ada, clientId: appClient, caller }));
    expect(await world.effects.next(0)).toEqual([]);
    expect((await next()).sort((a, b) => a.correlationId.localeCompare(b.correlationId))).toEqual(effects);
    expect(await next()).toHaveLength(2);
    await world.effects.done();
    expect(await next()).toEqual([]);
    const third = callOf('RespondToAuthChallenge');
    await world.signIn({}, third);
    expect((await next()).map(({ correlationId }) => correlationId)).toEqual([third.correlationId]);
  });
});

describe('the life of a pool', () => {
  let own: TokenWorld;
  beforeAll(async () => {
    own = world;
    world = await tokenWorld();
  });
  afterAll(async () => {
    await world.close();
    world = own;
  });

  it('begins with keys that are made before its first sign-in asks, once', async () => {
    await happens('directory.pool.created', { poolId });
    await Promise.all([world.signIn(), world.signIn()]);
    expect((await world.store.events.read(`token.keys-${poolId}`)).events).toHaveLength(2);
    expect(world.crypto.counts().generateRsaKeyPair).toBe(2);
    expect(world.log.warnings).toEqual([]);
  });

  it('ends with its families and private keys, of which none comes again', async () => {
    await world.signIn();
    await happens('directory.pool.deleted', { poolId });
    await happens('directory.pool.deleted', { poolId }); // delivered twice
    await sweepAll();
    expect([await count('refresh_family'), await count('vault')]).toEqual([0, 0]);
    // A call that found the pool a moment before: it gets no tokens of keys that are gone.
    expect(await outcomeOf(world.signIn())).toBe('PoolNotFound');
    world.directory.deletePool(poolId);
    expect(await outcomeOf(world.port.publicKeys({ poolId }, callOf('jwks')))).toBe('PoolNotFound');
  });
});
