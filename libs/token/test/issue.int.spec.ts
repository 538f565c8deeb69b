import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { callOf } from './call.js';
import { ada, adaAsCreated, appClient, otherPoolId, poolId } from './fake-directory.js';
import { claimsOf, outcomeOf, tokenWorld, type TokenWorld } from './token-world.js';

describe('issuing tokens', () => {
  let world: TokenWorld;
  beforeAll(async () => { world = await tokenWorld(); });
  beforeEach(() => {
    world.directory.change(ada, adaAsCreated);
    world.directory.setClient(appClient, {});
  });
  afterAll(() => world.close());

  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
  const familyRows = async () => (await world.db.queryOnce<{ count: number }>('select count(*) from token.refresh_family')).rows[0]?.count;

  it('gives exactly the claims of Cognito, the same event and family in both', async () => {
    const { accessToken, idToken, refreshToken, expiresIn, tokenType, family } = await world.signIn();
    const [id, access] = [claimsOf(idToken), claimsOf(accessToken)];
    const { iat, jti, event_id: eventId } = id as Record<string, unknown>;
    expect(id).toEqual({
      sub: ada, aud: appClient, iss: `https://id.example.com/${poolId}`, token_use: 'id', auth_time: 1_700_000_500, iat, exp: Number(iat) + 3_600,
      jti, origin_jti: family, event_id: eventId, 'cognito:username': 'ada', email: 'ada@example.com', email_verified: true, amr: ['pwd'],
    });
    expect(access).toEqual({
      sub: ada, client_id: appClient, iss: `https://id.example.com/${poolId}`, token_use: 'access', version: 2, scope: 'aws.cognito.signin.user.admin',
      auth_time: 1_700_000_500, iat: access['iat'], exp: Number(access['iat']) + 3_600, jti: access['jti'], origin_jti: family, event_id: eventId,
      username: 'ada', amr: ['pwd'],
    });
    expect([jti, access['jti'], eventId, family].map((each) => uuid.test(String(each)))).toEqual([true, true, true, true]);
    expect(new Set([jti, access['jti'], eventId, family]).size).toBe(4);
    expect(refreshToken).toMatch(/^r1\.[\w-]{43}$/);
    expect({ expiresIn, tokenType }).toEqual({ expiresIn: 3_600, tokenType: 'Bearer' });
  });

  it('keeps to the client\'s settings: lifetimes, and attributes that it may read', async () => {
    world.directory.setClient(appClient, {
      AccessTokenValidity: 10, IdTokenValidity: 5, TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes' }, ReadAttributes: ['custom:plan'],
    });
    const { accessToken, idToken, expiresIn } = await world.signIn();
    const [id, access] = [claimsOf(idToken), claimsOf(accessToken)];
    expect(Number(id['exp']) - Number(id['iat'])).toBe(300);
    expect(Number(access['exp']) - Number(access['iat'])).toBe(600);
    expect(expiresIn).toBe(600);
    expect(id).toMatchObject({ 'custom:plan': '3' });
    expect(Object.keys(id)).not.toContain('email');
  });

  it('names groups, and a device where there is one', async () => {
    world.directory.change(ada, { groups: ['admins'] });
    const { accessToken } = await world.signIn({ deviceKey: 'us-east-1_device' });
    expect(claimsOf(accessToken)).toMatchObject({ 'cognito:groups': ['admins'], device_key: 'us-east-1_device' });
  });

  it('reads the user once and nothing else', async () => {
    await world.signIn();
    const before = world.directory.reads();
    await world.signIn();
    expect(world.directory.reads() - before).toBe(1);
  });

  it('records the user for the audit, and no event: a stream does not grow with sign-ins', async () => {
    const call = callOf('InitiateAuth');
    await world.signIn({}, call);
    expect(call.effects).toEqual({ sub: ada, eventIds: [] });
  });

  it('keeps no refresh token in the clear', async () => {
    const { refreshToken } = await world.signIn();
    const { rows } = await world.db.queryOnce<{ row: string }>(`select t::text || f::text as row from token.refresh_token t join token.refresh_family f using (family)`);
    const bytes = Buffer.from(refreshToken?.slice(3) ?? '', 'base64url').toString('hex');
    expect(rows.some(({ row }) => row.includes(refreshToken ?? '') || row.includes(bytes))).toBe(false);
  });

  describe('refuses', () => {
    const refused = async (changes: Parameters<TokenWorld['signIn']>[0] = {}) => {
      const before = await familyRows();
      const outcome = await outcomeOf(world.signIn(changes));
      expect(await familyRows()).toBe(before);
      return outcome;
    };
    it('a user who is gone', async () => expect(await refused({ sub: '00000000-0000-4000-8000-000000000000' })).toBe('UserNotFound'));
    it('a user who was disabled since', async () => {
      world.directory.change(ada, { enabled: false, sessionGeneration: 1 });
      expect(await refused()).toBe('UserDisabled');
    });
    it('a proof of a password that was replaced since', async () => {
      world.directory.change(ada, { credentialId: 'c0ffee00-0000-4000-8000-000000000002' });
      expect(await refused()).toBe('UserChangedMeanwhile');
    });
    it('a proof without a password where one was chosen since', async () => expect(await refused({ credentialId: undefined })).toBe('UserChangedMeanwhile'));
    it('a proof from before the user signed out everywhere', async () => {
      world.directory.raiseGeneration(ada);
      expect(await refused()).toBe('UserChangedMeanwhile');
    });
    it('an unknown client, and a client of another pool', async () => {
      world.directory.setClient('elsewhere', {}, { poolId: otherPoolId });
      expect(await refused({ clientId: 'nobody' })).toBe('ClientNotFound');
      expect(await refused({ clientId: 'elsewhere' })).toBe('ClientNotFound');
    });
  });

  describe('when the same request comes again', () => {
    const again = (requestKey: string) => world.signIn({}, callOf('RespondToAuthChallenge', requestKey));

    it('answers with the same family and refresh token, at the same time or after', async () => {
      const answers = [...await Promise.all(Array.from({ length: 20 }, () => again('11'))), await again('11')];
      expect(new Set(answers.map(({ family }) => family)).size).toBe(1);
      expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
      const { rows } = await world.db.queryOnce('select from token.refresh_token where family = $1', [answers[0]?.family]);
      expect(rows).toHaveLength(1);
      expect(await outcomeOf(world.refresh(answers[20]?.refreshToken ?? ''))).toBe('ok');
    });

    it('a minute later begins a new family, with tokens that work', async () => {
      const first = await again('22');
      await world.db.queryOnce('update token.refresh_family set born_at = born_at - 60000 where family = $1', [first.family]);
      const second = await again('22');
      expect(second.family).not.toBe(first.family);
      expect(second.refreshToken).not.toBe(first.refreshToken);
      expect(await outcomeOf(world.refresh(second.refreshToken ?? ''))).toBe('ok');
    });

    it('with another key is another sign-in', async () => {
      const [one, two] = [await again('33'), await again('44')];
      expect(one.family).not.toBe(two.family);
      expect(one.refreshToken).not.toBe(two.refreshToken);
    });
  });

  it('does not let whoever knows a request derive its refresh token', async () => {
    const elsewhere = await tokenWorld(); // the same request, another service key
    const [here, there] = [await world.signIn({}, callOf('InitiateAuth', '55')), await elsewhere.signIn({}, callOf('InitiateAuth', '55'))];
    expect(here.refreshToken).not.toBe(there.refreshToken);
    await elsewhere.close();
  });
});
