import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { wire } from '@rollcall/contracts';

import { callOf } from './call.js';
import { ada, adaAsCreated, appClient, otherClient, otherPoolId } from './fake-directory.js';
import { outcomeOf, presentedToCheck, tokenWorld, type TokenWorld } from './token-world.js';

let world: TokenWorld;
beforeAll(async () => { world = await tokenWorld(); });
beforeEach(() => {
  world.directory.change(ada, adaAsCreated);
  world.directory.setClient(appClient, {});
  world.directory.setClient(otherClient, {});
});
afterAll(() => world.close());

interface Session extends wire.token.Tokens { readonly refreshToken: string }
const signIn = async (changes: Partial<wire.token.IssueRequest> = {}): Promise<Session> => {
  const { refreshToken = '', ...tokens } = await world.signIn(changes);
  return { ...tokens, refreshToken };
};
const check = (accessToken: string, changes: Partial<wire.token.CheckRequest> = {}, port = world.port) =>
  outcomeOf(port.check({ ...presentedToCheck(accessToken), ...changes }, callOf('GetUser')));
const revoke = (token: string, changes: Partial<wire.token.RevokeRequest> = {}, call = callOf('RevokeToken')) =>
  outcomeOf(world.port.revoke({ clientId: appClient, token, clientSecret: undefined, ...changes }, call));

describe('revoking a refresh token', () => {
  it('ends it and every access token of its sign-in, and no other session', async () => {
    const [mine, other] = [await signIn(), await signIn()];
    const { accessToken: later } = await world.refresh(mine.refreshToken);
    expect(await revoke(mine.refreshToken)).toBe('ok');
    expect(await outcomeOf(world.refresh(mine.refreshToken))).toBe('RefreshTokenRevoked');
    expect([await check(mine.accessToken), await check(later)]).toEqual(['AccessTokenRevoked', 'AccessTokenRevoked']);
    expect([await check(other.accessToken), await outcomeOf(world.refresh(other.refreshToken))]).toEqual(['ok', 'ok']);
  });

  it('is one event, named in the audit, however often it is asked for', async () => {
    const { refreshToken, family } = await signIn();
    const calls = Array.from({ length: 20 }, () => callOf('RevokeToken'));
    expect(await Promise.all(calls.map((call) => revoke(refreshToken, {}, call)))).toEqual(calls.map(() => 'ok'));
    const { events } = await world.store.events.read(`token.family-${family}`);
    expect(events.map(({ data }) => data)).toMatchObject([{ family, clientId: appClient, sub: ada, reason: 'request' }]);
    expect(calls.flatMap(({ effects }) => effects.eventIds)).toEqual(events.map(({ id }) => id));
    expect(calls.every(({ effects }) => effects.sub === ada)).toBe(true);
  });

  it('ends the family by a rotated token, too', async () => {
    world.directory.setClient(appClient, { RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 } });
    const { refreshToken } = await signIn();
    const { refreshToken: next } = await world.refresh(refreshToken);
    expect(await revoke(refreshToken)).toBe('ok');
    expect(await outcomeOf(world.refresh(next ?? ''))).toBe('RefreshTokenRevoked');
  });

  it('does nothing about a token that nobody knows', async () => expect(await revoke(`r1.${'A'.repeat(43)}`)).toBe('ok'));
  it('B14: does nothing about a token that was cut or lengthened', async () => {
    const { refreshToken } = await signIn();
    for (const token of [refreshToken.slice(0, -1), `${refreshToken}A`, `${refreshToken}\n`]) expect(await revoke(token)).toBe('ok');
    expect(await outcomeOf(world.refresh(refreshToken))).toBe('ok');
  });

  it('B8: tells a client nothing about another\'s token, and does it no harm', async () => {
    const { refreshToken } = await signIn();
    world.directory.setClient('elsewhere', {}, { poolId: otherPoolId });
    const call = callOf('RevokeToken');
    expect(await revoke(refreshToken, { clientId: otherClient }, call)).toBe('ok');
    expect(await revoke(refreshToken, { clientId: 'elsewhere' })).toBe('ok');
    expect(call.effects).toEqual({ eventIds: [] });
    expect(await outcomeOf(world.refresh(refreshToken))).toBe('ok');
  });

  it('refuses access and ID tokens', async () => {
    const { accessToken, idToken } = await signIn();
    expect([await revoke(accessToken), await revoke(idToken)]).toEqual(['UnsupportedTokenType', 'UnsupportedTokenType']);
  });

  it('is refused where the client has switched it off', async () => {
    const { refreshToken } = await signIn();
    world.directory.setClient(appClient, { EnableTokenRevocation: false });
    expect(await revoke(refreshToken)).toBe('RevocationDisabled');
    expect(await outcomeOf(world.refresh(refreshToken))).toBe('ok');
  });

  it('B21: needs a secret that the client has, if it has any', async () => {
    const { refreshToken } = await signIn();
    world.directory.setClient(appClient, {}, { secrets: ['new-secret', 'old-secret'] });
    for (const clientSecret of [undefined, '', 'new-secre', 'new-secret ', 'old']) expect(await revoke(refreshToken, { clientSecret })).toBe('ClientSecretMismatch');
    expect(await outcomeOf(world.refresh(refreshToken))).toBe('ok');
    expect(await revoke(refreshToken, { clientSecret: 'old-secret' })).toBe('ok');
    expect(await outcomeOf(world.refresh(refreshToken))).toBe('RefreshTokenRevoked');
  });

  it('needs none of a client without one', async () => expect(await revoke((await signIn()).refreshToken, { clientSecret: 'anything' })).toBe('ok'));
  it('is refused for an unknown client', async () => expect(await revoke((await signIn()).refreshToken, { clientId: 'nobody' })).toBe('ClientNotFound'));
});

describe('checking an access token', () => {
  it('passes one of a live session and names the user for the audit', async () => {
    const { accessToken } = await signIn();
    const call = callOf('GetUser');
    expect(await world.port.check(presentedToCheck(accessToken), call)).toEqual({});
    expect(call.effects).toEqual({ sub: ada, eventIds: [] });
  });

  it('K3: sees a revocation at once, in every process', async () => {
    const another = world.anotherProcess();
    const { accessToken, refreshToken } = await signIn();
    expect([await check(accessToken), await check(accessToken, {}, another.port)]).toEqual(['ok', 'ok']);
    await revoke(refreshToken);
    expect([await check(accessToken), await check(accessToken, {}, another.port)]).toEqual(['AccessTokenRevoked', 'AccessTokenRevoked']);
  });

  it('B7, B9: refuses it after a disable, a password reset, a global sign-out and a deletion', async () => {
    const { accessToken } = await signIn();
    world.directory.change(ada, { enabled: false, sessionGeneration: 1 });
    expect(await check(accessToken)).toBe('AccessTokenRevoked');
    world.directory.change(ada, { enabled: true });
    expect(await check(accessToken)).toBe('AccessTokenRevoked');
    world.directory.change(ada, { ...adaAsCreated, credentialId: 'c0ffee00-0000-4000-8000-000000000009', sessionGeneration: 1 });
    expect(await check(accessToken)).toBe('AccessTokenRevoked');
    world.directory.change(ada, { ...adaAsCreated, sessionGeneration: 1 });
    expect(await check(accessToken)).toBe('AccessTokenRevoked');
    world.directory.deleteUser(ada);
    expect(await check(accessToken)).toBe('UserNotFound');
  });

  it('refuses it for a user who is disabled, whatever the generation', async () => {
    const { accessToken } = await signIn();
    world.directory.change(ada, { enabled: false });
    expect(await check(accessToken)).toBe('UserDisabled');
  });

  it('spares the one session that changed the password', async () => {
    const [mine, other] = [await signIn(), await signIn()];
    world.directory.raiseGeneration(ada, mine.family);
    expect([await check(mine.accessToken), await check(other.accessToken)]).toEqual(['ok', 'AccessTokenRevoked']);
  });

  it('B9: ends and spares alike where tokens bear no origin_jti', async () => {
    world.directory.setClient(appClient, { EnableTokenRevocation: false });
    const [mine, other] = [await signIn(), await signIn()];
    const { accessToken: refreshed } = await world.refresh(mine.refreshToken);
    expect([await check(mine.accessToken), await check(refreshed), await check(other.accessToken)]).toEqual(['ok', 'ok', 'ok']);
    world.directory.raiseGeneration(ada, mine.family);
    expect([await check(mine.accessToken), await check(refreshed), await check(other.accessToken)]).toEqual(['ok', 'ok', 'AccessTokenRevoked']);
    world.directory.raiseGeneration(ada);
    expect(await check(refreshed)).toBe('AccessTokenRevoked');
  });

  it('B12, B22: refuses a key that is unknown, of another pool, or signs ID tokens', async () => {
    const { accessToken, idToken } = await signIn();
    await world.port.publicKeys({ poolId: otherPoolId }, callOf('jwks'));
    expect(await check(accessToken, { kid: 'unknown' })).toBe('AccessTokenInvalid');
    expect(await check(accessToken, { poolId: otherPoolId })).toBe('AccessTokenInvalid');
    expect(await check(accessToken, { kid: presentedToCheck(idToken).kid })).toBe('AccessTokenInvalid');
  });

  it('refuses a family that is not the token\'s, and a token without one', async () => {
    const [mine, other] = [await signIn(), await signIn({ clientId: otherClient })];
    expect(await check(mine.accessToken, { originJti: other.family })).toBe('AccessTokenInvalid');
    expect(await check(mine.accessToken, { originJti: undefined })).toBe('AccessTokenInvalid');
    expect(await check(mine.accessToken, { originJti: 'not-a-uuid' })).toBe('AccessTokenInvalid');
    expect(await check(mine.accessToken, { originJti: 'f0000000-0000-4000-8000-000000000000' })).toBe('AccessTokenInvalid');
    expect(await check(mine.accessToken, { clientId: otherClient })).toBe('AccessTokenInvalid');
  });
});
