import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rsaPublicKey, verifyJwtRs256, type RsaPublicJwk } from '@rollcall/platform-crypto';

import { signingKeyRetired } from '../src/domain/signing-key.events.js';
import { postgresKeyReserve } from '../src/adapters/postgres-key-reserve.js';
import { callOf } from './call.js';
import { appClient, otherPoolId, poolId } from './fake-directory.js';
import { headerOf, outcomeOf, tokenWorld, type TokenWorld } from './token-world.js';

const twenty = Array.from({ length: 20 });
const rows = async ({ db }: TokenWorld, sql: string) => (await db.queryOnce<Record<string, unknown>>(sql)).rows;
const publishedOf = async (world: Pick<TokenWorld, 'port'>, pool = poolId) =>
  (JSON.parse((await world.port.publicKeys({ poolId: pool }, callOf('jwks'))).jwksJson) as { keys: RsaPublicJwk[] }).keys;

describe('the signing keys of a pool', () => {
  let world: TokenWorld;
  beforeAll(async () => { world = await tokenWorld(); });
  afterAll(() => world.close());

  it('are one pair, however many ask first in two processes at once', async () => {
    const another = world.anotherProcess();
    const sets = await Promise.all(twenty.map((_, n) => publishedOf(n % 2 ? world : another)));
    expect(new Set(sets.map((set) => JSON.stringify(set))).size).toBe(1);
    expect(sets[0]).toHaveLength(2);
    expect((await world.store.events.read(`token.keys-${poolId}`)).events.map(({ type }) => type))
      .toEqual(['token.signing-key.activated', 'token.signing-key.activated']);
    expect(await rows(world, `select count(*) from token.vault where pool_id = '${poolId}'`)).toEqual([{ count: 2 }]);
  });

  it('are published without anything private, in the form that verifiers expect', async () => {
    for (const key of await publishedOf(world)) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
      expect(key).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', e: 'AQAB' });
    }
  });

  it('leave no private key in the clear in any row or event', async () => {
    const [vault] = await rows(world, `select sealed from token.vault where pool_id = '${poolId}' limit 1`);
    const { events } = await world.store.events.read(`token.keys-${poolId}`);
    const sealed = vault?.['sealed'] as Buffer | undefined;
    expect(sealed?.includes(Buffer.from('MIIE', 'base64'))).toBe(false);
    expect(JSON.stringify(events)).not.toMatch(/"(?:d|p|q|dp|dq|qi)":/);
  });

  it('sign ID and access tokens with different keys', async () => {
    const { idToken, accessToken } = await world.signIn();
    const kids = [headerOf(idToken)['kid'], headerOf(accessToken)['kid']];
    expect(new Set(kids).size).toBe(2);
    const byKid = new Map((await publishedOf(world)).map((key) => [key.kid, rsaPublicKey(key)]));
    for (const token of [idToken, accessToken]) expect((await verifyJwtRs256(token, (kid) => byKid.get(kid)))?.claims['iss']).toBe(`https://id.example.com/${poolId}`);
  });

  it('B22: are each pool\'s own', async () => {
    const { accessToken } = await world.signIn();
    const others = new Map((await publishedOf(world, otherPoolId)).map((key) => [key.kid, rsaPublicKey(key)]));
    expect(await verifyJwtRs256(accessToken, (kid) => others.get(kid))).toBeUndefined();
  });

  it('are not given out for a pool that is not there', async () =>
    expect(await outcomeOf(publishedOf(world, 'us-east-1_nobody000'))).toBe('PoolNotFound'));

  it('B22: are withdrawn by an event: published no more, and what they signed no longer counts', async () => {
    const pool = otherPoolId;
    world.directory.setClient('elsewhere', {}, { poolId: pool });
    const [kept, withdrawn] = await publishedOf(world, pool) as [RsaPublicJwk, RsaPublicJwk];
    const { type, version, data } = signingKeyRetired({ kid: withdrawn.kid, retireAt: 0 as never });
    const { revision } = await world.store.events.read(`token.keys-${pool}`);
    const id = world.needs.ids.derive(undefined, 'test', 0) as never;
    await world.store.events.append(`token.keys-${pool}`, revision, [{ id, type, version, data }], { meta: { correlationId: 'c', operation: 'o', caller: { kind: 'operator', id: '' } } });
    const later = world.anotherProcess(); // reads the log anew
    const left = (await publishedOf(later, pool)).map(({ kid }) => kid);
    expect(left).toContain(kept.kid);
    expect(left).not.toContain(withdrawn.kid);
    expect(await outcomeOf(later.port.check({ poolId: pool, kid: withdrawn.kid, sub: 's', clientId: appClient, issuedAt: 0, originJti: undefined }, callOf('GetUser'))))
      .toBe('AccessTokenRevoked');
  });
});

describe('the reserve of signing keys', () => {
  let world: TokenWorld;
  beforeAll(async () => { world = await tokenWorld(); });
  afterAll(() => world.close());

  it('gives each key out once, to whoever asks at the same time', async () => {
    const reserve = postgresKeyReserve({ db: world.db, serviceKeys: world.store.keys });
    const pair = await world.crypto.generateRsaKeyPair();
    const kids = Array.from({ length: 10 }, (_, n) => `kid-${n}`);
    for (const kid of kids) await reserve.put({ ...pair, publicJwk: { ...pair.publicJwk, kid } });
    const taken = (await Promise.all(twenty.map(() => reserve.take(2)))).flat();
    expect(taken.map(({ publicJwk }) => publicJwk.kid).sort()).toEqual(kids);
    expect(taken[0]?.privateDer.equals(pair.privateDer)).toBe(true);
    expect(await reserve.count()).toBe(0);
  });

  it('is used before any key is made', async () => {
    const reserve = postgresKeyReserve({ db: world.db, serviceKeys: world.store.keys });
    const pairs = [await world.crypto.generateRsaKeyPair(), await world.crypto.generateRsaKeyPair()];
    for (const pair of pairs) await reserve.put(pair);
    const before = world.crypto.counts().generateRsaKeyPair;
    expect((await publishedOf(world)).map(({ kid }) => kid).sort()).toEqual(pairs.map(({ kid }) => kid).sort());
    expect(world.crypto.counts().generateRsaKeyPair).toBe(before);
  });
});
