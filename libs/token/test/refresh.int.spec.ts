import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { wire } from '@rollcall/contracts';

import { callOf } from './call.js';
import { ada, adaAsCreated, appClient, otherClient, otherPoolId, poolId } from './fake-directory.js';
import { claimsOf, outcomeOf, presentedToCheck, tokenWorld, type TokenWorld } from './token-world.js';

describe('refreshing tokens', () => {
  let world: TokenWorld;
  beforeAll(async () => { world = await tokenWorld(); });
  beforeEach(() => {
    world.directory.change(ada, adaAsCreated);
    world.directory.setClient(appClient, {});
    world.directory.setClient(otherClient, {});
  });
  afterAll(() => world.close());

  const rotating = (graceSeconds: number) =>
    world.directory.setClient(appClient, { RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: graceSeconds } });
  const signIn = async (): Promise<{ refreshToken: string; accessToken: string; idToken: string; family: string }> => {
    const { refreshToken = '', ...tokens } = await world.signIn();
    return { ...tokens, refreshToken };
  };
  const revocations = async (family: string) => (await world.store.events.read(`token.family-${family}`)).events.map(({ type, data }) => ({ type, data }));
  /** As if all that was done to the family had been done so much earlier. */
  const age = async (family: string, millis: number) => {
    await world.db.queryOnce('update token.refresh_token set issued_at = issued_at - $2, rotated_at = rotated_at - $2 where family = $1', [family, millis]);
    await world.db.queryOnce('update token.refresh_family set expires_at = expires_at - $2 where family = $1', [family, millis]);
  };
  const tally = (outcomes: readonly string[]) => Object.fromEntries([...new Set(outcomes)].sort().map((code) => [code, outcomes.filter((each) => each === code).length]));
  const twenty = Array.from({ length: 20 });

  describe('without rotation', () => {
    it('gives new ID and access tokens of the same sign-in, and no refresh token', async () => {
      const first = await signIn();
      const second = await world.refresh(first.refreshToken, { mayRotate: false });
      expect(second.refreshToken).toBeUndefined();
      const [before, after] = [claimsOf(first.accessToken), claimsOf(second.accessToken)];
      expect([after['origin_jti'], after['auth_time'], after['amr'], after['scope']]).toEqual([before['origin_jti'], before['auth_time'], before['amr'], before['scope']]);
      expect(after['jti']).not.toBe(before['jti']);
    });

    it('reads the user\'s attributes and groups anew', async () => {
      const { refreshToken } = await signIn();
      world.directory.change(ada, { groups: ['staff'], attributes: [{ name: 'email', value: 'new@example.com' }] });
      const { idToken } = await world.refresh(refreshToken);
      expect(claimsOf(idToken)).toMatchObject({ email: 'new@example.com', 'cognito:groups': ['staff'] });
    });

    it('serves the same token to 20 at once', async () => {
      const { refreshToken } = await signIn();
      expect(tally(await Promise.all(twenty.map(() => outcomeOf(world.refresh(refreshToken)))))).toEqual({ ok: 20 });
    });

    it('refuses a token that has expired', async () => {
      const { refreshToken, family } = await signIn();
      await age(family, 30 * 86_400_000 - 60_000);
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('ok');
      await age(family, 60_000);
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('RefreshTokenExpired');
    });
  });

  describe('with rotation', () => {
    it('exchanges the token for one that inherits what is left of its life', async () => {
      rotating(0);
      const { refreshToken, family } = await signIn();
      const { refreshToken: next } = await world.refresh(refreshToken);
      expect(next).toMatch(/^r1\.[\w-]{43}$/);
      expect(next).not.toBe(refreshToken);
      expect((await world.refresh(next ?? '')).family).toBe(family);
      const { rows } = await world.db.queryOnce<{ life: number }>('select expires_at - born_at as life from token.refresh_family where family = $1', [family]);
      expect(rows).toEqual([{ life: 30 * 86_400_000 }]);
    });

    it('is only for the operation that may rotate', async () => {
      rotating(0);
      const { refreshToken } = await signIn();
      expect(await outcomeOf(world.refresh(refreshToken, { mayRotate: false }))).toBe('FlowNotEnabled');
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('ok');
    });

    it('B5: lets one of 20 parallel callers win, and ends the family once', async () => {
      rotating(0);
      const { refreshToken, family } = await signIn();
      const calls = twenty.map(() => callOf('GetTokensFromRefreshToken'));
      const won: wire.token.Tokens[] = [];
      const outcomes = await Promise.all(calls.map((call) => outcomeOf(world.refresh(refreshToken, {}, call).then((tokens) => won.push(tokens)))));
      const { ok, ...refused } = tally(outcomes);
      expect(ok).toBe(1);
      expect(Object.keys(refused)).toContain('RefreshTokenReused');
      expect(Object.keys(refused).filter((code) => !['RefreshTokenReused', 'RefreshTokenRevoked'].includes(code))).toEqual([]);
      expect(await revocations(family)).toMatchObject([{ type: 'token.family.revoked', data: { family, poolId, clientId: appClient, sub: ada, reason: 'reuse' } }]);
      expect(calls.flatMap(({ effects }) => effects.eventIds)).toHaveLength(1);
      // What the winner holds is worth nothing: two hold the family's tokens, and one of them should not.
      expect(await outcomeOf(world.refresh(won[0]?.refreshToken ?? ''))).toBe('RefreshTokenRevoked');
      expect(await outcomeOf(world.port.check(presentedToCheck(won[0]?.accessToken ?? ''), callOf('GetUser')))).toBe('AccessTokenRevoked');
    });

    it('lets one win in two processes, too', async () => {
      rotating(0);
      const { refreshToken, family } = await signIn();
      const another = world.anotherProcess();
      const request = { poolId, clientId: appClient, refreshToken, mayRotate: true };
      const outcomes = await Promise.all(twenty.map((_, n) => outcomeOf((n % 2 ? another : world).port.refresh(request, callOf('GetTokensFromRefreshToken')))));
      expect(tally(outcomes)['ok']).toBe(1);
      expect(await revocations(family)).toHaveLength(1);
    });

    it('gives each of 20 parallel callers a sibling within the grace', async () => {
      rotating(60);
      const { refreshToken, family } = await signIn();
      const answers = await Promise.all(twenty.map(() => world.refresh(refreshToken)));
      expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(20);
      expect(await revocations(family)).toEqual([]);
      expect(tally(await Promise.all(answers.map((answer) => outcomeOf(world.refresh(answer.refreshToken ?? '')))))).toEqual({ ok: 20 });
    });

    it('ends the family when a token comes back after the grace, siblings and all', async () => {
      rotating(10);
      const { refreshToken, family } = await signIn();
      const [one, two] = [await world.refresh(refreshToken), await world.refresh(refreshToken)];
      await age(family, 10_000);
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('RefreshTokenReused');
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('RefreshTokenRevoked');
      for (const sibling of [one, two]) expect(await outcomeOf(world.refresh(sibling.refreshToken ?? ''))).toBe('RefreshTokenRevoked');
      expect(await revocations(family)).toHaveLength(1);
    });

    it('B6: notices a rotated token after a restart and on another node', async () => {
      rotating(0);
      const { refreshToken } = await signIn();
      await world.refresh(refreshToken);
      const request = { poolId, clientId: appClient, refreshToken, mayRotate: true };
      expect(await outcomeOf(world.anotherProcess().port.refresh(request, callOf('GetTokensFromRefreshToken')))).toBe('RefreshTokenReused');
    });

    it('keeps the token where the user\'s state refuses it: nothing is exchanged for nothing', async () => {
      rotating(0);
      const { refreshToken } = await signIn();
      world.directory.change(ada, { enabled: false });
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('UserDisabled');
      world.directory.change(ada, { enabled: true });
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('ok');
    });
  });

  describe('when the same request comes again', () => {
    const again = (refreshToken: string, requestKey: string) => world.refresh(refreshToken, {}, callOf('GetTokensFromRefreshToken', requestKey));

    it('gives 20 at once the same successor, without grace', async () => {
      rotating(0);
      const { refreshToken, family } = await signIn();
      const answers = await Promise.all(twenty.map(() => again(refreshToken, 'aa')));
      expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
      expect(new Set(answers.map((answer) => answer.family))).toEqual(new Set([family]));
      expect(await revocations(family)).toEqual([]);
      expect(await outcomeOf(world.refresh(answers[0]?.refreshToken ?? ''))).toBe('ok');
    });

    it('passes for a minute, and is reuse after it', async () => {
      rotating(0);
      const { refreshToken, family } = await signIn();
      const { refreshToken: successor } = await again(refreshToken, 'bb');
      await age(family, 50_000);
      expect((await again(refreshToken, 'bb')).refreshToken).toBe(successor);
      await age(family, 10_000);
      expect(await outcomeOf(again(refreshToken, 'bb'))).toBe('RefreshTokenReused');
    });

    it('passes too for who got a sibling within the grace, when the grace is over', async () => {
      rotating(5);
      const { refreshToken, family } = await signIn();
      await again(refreshToken, 'cc');
      const { refreshToken: sibling } = await again(refreshToken, 'dd');
      await age(family, 6_000);
      expect((await again(refreshToken, 'dd')).refreshToken).toBe(sibling);
    });

    it('of another caller is reuse', async () => {
      rotating(0);
      const { refreshToken } = await signIn();
      await again(refreshToken, 'ee');
      expect(await outcomeOf(again(refreshToken, 'ff'))).toBe('RefreshTokenReused');
    });

    it('is refused alike when it revealed reuse', async () => {
      rotating(0);
      const { refreshToken, family } = await signIn();
      await world.refresh(refreshToken);
      expect(await outcomeOf(again(refreshToken, 'gg'))).toBe('RefreshTokenReused');
      expect(await outcomeOf(again(refreshToken, 'gg'))).toBe('RefreshTokenReused');
      expect(await revocations(family)).toHaveLength(1);
    });
  });

  it('B4: knows no refresh token of another client or pool, and nothing happens to it', async () => {
    rotating(0);
    world.directory.setClient(otherClient, { RefreshTokenRotation: { Feature: 'ENABLED' } });
    world.directory.setClient('elsewhere', {}, { poolId: otherPoolId });
    const { refreshToken, family } = await signIn();
    const { refreshToken: next = '' } = await world.refresh(refreshToken);
    for (const token of [refreshToken, next]) {
      expect(await outcomeOf(world.refresh(token, { clientId: otherClient }))).toBe('RefreshTokenInvalid');
      expect(await outcomeOf(world.refresh(token, { clientId: 'elsewhere', poolId: otherPoolId }))).toBe('RefreshTokenInvalid');
      expect(await outcomeOf(world.refresh(token, { poolId: otherPoolId }))).toBe('RefreshTokenInvalid');
    }
    expect(await revocations(family)).toEqual([]);
    expect(await outcomeOf(world.refresh(next))).toBe('ok');
  });

  it('B12, B14: takes no other token and no altered one for a refresh token', async () => {
    const { refreshToken, accessToken, idToken } = await signIn();
    const flipped = refreshToken.slice(0, -1) + (refreshToken.endsWith('A') ? 'B' : 'A');
    for (const token of [accessToken, idToken, refreshToken.slice(0, -1), `${refreshToken}A`, flipped, refreshToken.slice(3), '']) {
      expect(await outcomeOf(world.refresh(token))).toBe('RefreshTokenInvalid');
    }
    expect(await outcomeOf(world.refresh(refreshToken))).toBe('ok');
  });

  describe('B7: refuses a refresh token', () => {
    it('of a user who was disabled, and after enabling, too', async () => {
      const { refreshToken } = await signIn();
      world.directory.change(ada, { enabled: false, sessionGeneration: 1 });
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('UserDisabled');
      world.directory.change(ada, { enabled: true });
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('RefreshTokenRevoked');
    });

    it('of a user who was deleted', async () => {
      const { refreshToken } = await signIn();
      world.directory.deleteUser(ada);
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('RefreshTokenInvalid');
    });

    it('from before a password reset', async () => {
      const { refreshToken } = await signIn();
      world.directory.change(ada, { credentialId: 'c0ffee00-0000-4000-8000-000000000009', sessionGeneration: 1 });
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('RefreshTokenRevoked');
    });

    it('from before the user signed out everywhere, on every client', async () => {
      const { refreshToken } = await signIn();
      const { refreshToken: elsewhere = '' } = await world.signIn({ clientId: otherClient });
      world.directory.raiseGeneration(ada);
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('RefreshTokenRevoked');
      expect(await outcomeOf(world.refresh(elsewhere, { clientId: otherClient }))).toBe('RefreshTokenRevoked');
    });

    it('from before a password change, but for the one session that made it', async () => {
      const [mine, other] = [await signIn(), await signIn()];
      world.directory.raiseGeneration(ada, mine.family);
      expect(await outcomeOf(world.refresh(mine.refreshToken))).toBe('ok');
      expect(await outcomeOf(world.refresh(other.refreshToken))).toBe('RefreshTokenRevoked');
    });

    it('that a sign-in received because it read the user a moment before a reset', async () => {
      world.directory.afterNextRead(() => world.directory.raiseGeneration(ada));
      const { refreshToken } = await signIn();
      expect(await outcomeOf(world.refresh(refreshToken))).toBe('RefreshTokenRevoked');
    });
  });
});
