import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { noRisk, refusal } from '@rollcall/contracts';
import { epochSeconds } from '@rollcall/kernel';

import { fakePasswords } from './support/fake-passwords.js';
import { ada, callOf, challengeIn, clientId, codeOf, poolId, tokensIn, world } from './support/world.js';

const hiding = { settings: { PreventUserExistenceErrors: 'ENABLED' } };

describe('a sign-in by password', () => {
  it('ends in tokens of what was proved', async () => {
    const w = world();
    const user = await w.user({ sessionGeneration: 3 });
    const call = callOf();
    expect(tokensIn(await w.signIn(ada.password, { call })).tokenType).toBe('Bearer');
    expect(w.token.issued).toEqual([{
      poolId, clientId, sub: ada.sub, credentialId: user.credentialId, sessionGeneration: 3, authTime: Date.UTC(2026, 10, 24, 12) / 1000, amr: ['pwd'],
      scopes: ['aws.cognito.signin.user.admin'], deviceKey: undefined, parentSession: undefined,
    }]);
    expect(call.effects.sub).toBe(ada.sub);
  });

  it('ends in a sealed proof where one is wanted', async () => {
    const w = world();
    const user = await w.user();
    const step = await w.signIn(ada.password, { wantsProof: true });
    const proof = step.outcome?.$case === 'proof' ? step.outcome.value : '';
    expect(await w.needs.sealedTexts.open('proof', proof)).toMatchObject({ poolId, clientId, sub: ada.sub, factors: ['password'], amr: ['pwd'], credentialId: user.credentialId, sessionGeneration: 0 });
    expect(await w.needs.sealedTexts.open('session', proof)).toBeUndefined();
    expect(w.token.issued).toEqual([]);
  });

  it('refuses a wrong password', async () => {
    const w = world();
    await w.user();
    expect(await codeOf(w.signIn('wrong'))).toBe('PasswordMismatch');
  });

  it.each(['USERNAME', 'PASSWORD'])('needs %s', async (name) => {
    const w = world();
    await w.user();
    await expect(w.signIn(ada.password, { parameters: { [name]: '' } })).rejects.toMatchObject({ code: 'InvalidParameter', details: { reason: `Missing required parameter ${name}` } });
  });

  it('tells of a flow that the client does not allow before anything else', async () => {
    const w = world();
    w.directory.client({ settings: { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] } });
    await expect(w.signIn(ada.password)).rejects.toMatchObject({ code: 'FlowNotEnabled', details: { flow: 'USER_PASSWORD_AUTH' } });
    expect([w.directory.reads(), w.jobs.matches]).toEqual([0, 0]);
  });

  it.each(['CUSTOM_AUTH', 'USER_AUTH'])('knows that %s is not offered yet, also where it is allowed', async (flow) => {
    const w = world();
    w.directory.client({ settings: { ExplicitAuthFlows: [`ALLOW_${flow}`] } });
    expect(await codeOf(w.signIn(ada.password, { flow }))).toBe('FlowNotSupported');
  });

  it('B21: demands the SECRET_HASH of the name as it was sent', async () => {
    const w = world();
    await w.user();
    w.directory.client({ secrets: ['s3cret'] });
    const hash = (name: string) => createHmac('sha256', 's3cret').update(name + clientId).digest('base64');
    expect(await codeOf(w.signIn(ada.password))).toBe('SecretHashMissing');
    expect(await codeOf(w.signIn(ada.password, { parameters: { SECRET_HASH: hash('grace') } }))).toBe('SecretHashMismatch');
    expect(w.jobs.matches).toBe(0);
    tokensIn(await w.signIn(ada.password, { parameters: { SECRET_HASH: hash('ada') } }));
  });

  it('B7: a password reset or a sign-out between proof and tokens wins', async () => {
    for (const changed of [{ credentialId: '00000000-0000-4000-8000-0000000000c2' }, { sessionGeneration: 1 }]) {
      const w = world({ risk: { assess: async () => { w.directory.change(ada.sub, changed); return { action: 'none' }; } } });
      await w.user();
      expect(await codeOf(w.signIn(ada.password))).toBe('UserChangedMeanwhile');
      expect(w.token.issued).toEqual([]);
    }
  });

  it('is judged against a password set meanwhile where the old one is gone', async () => {
    const w = world();
    const user = await w.user();
    w.vaultRows.clear();
    await w.user({ sub: ada.sub, credentialId: '00000000-0000-4000-8000-0000000000c2', password: 'New-pass-1' });
    const find = w.directory.port.findUser;
    let first = true;
    Object.assign(w.needs.directory, { findUser: async (...args: Parameters<typeof find>) => {
      const found = await find(...args);
      if (!first || !found.user) return found;
      first = false;
      return { user: { ...found.user, credentialId: user.credentialId } };
    } });
    tokensIn(await w.signIn('New-pass-1'));
    expect(w.token.issued[0]?.credentialId).toBe('00000000-0000-4000-8000-0000000000c2');
  });

  it('reads the user once', async () => {
    const w = world({ token: { issue: async () => ({}) } as never });
    await w.user();
    await w.signIn(ada.password);
    expect([w.directory.reads(), w.directory.appends()]).toEqual([1, 1]); // the append is the user's own making
  });

  it('stops where risk says so', async () => {
    const w = world({ risk: { ...noRisk, assess: async () => ({ action: 'block' }) } });
    await w.user();
    expect(await codeOf(w.signIn(ada.password))).toBe('RiskBlocked');
  });

  it('runs the hooks before and after', async () => {
    const w = world();
    await w.user();
    await w.signIn(ada.password, { call: callOf({ clientMetadata: { from: 'kiosk' } }) });
    expect(w.triggers.map(({ source, username, requestJson }) => [source, username, JSON.parse(requestJson)])).toEqual([
      ['PreAuthentication_Authentication', 'ada', { userAttributes: { email: ada.email }, validationData: { from: 'kiosk' } }],
      ['PostAuthentication_Authentication', 'ada', { userAttributes: { email: ada.email }, newDeviceUsed: false, clientMetadata: { from: 'kiosk' } }],
    ]);
  });

  it('stops where the hook before it refuses, with nothing judged', async () => {
    const w = world({ trigger: { run: async () => { throw refusal('TriggerRefused', { trigger: 'PreAuthentication' }); } } });
    await w.user();
    expect(await codeOf(w.signIn(ada.password))).toBe('TriggerRefused');
    expect(w.jobs.matches).toBe(0);
  });

  it('keeps the same password in a better way where it was kept in a weak one', async () => {
    const w = world();
    const user = await w.user();
    const row = [...w.vaultRows.values()][0];
    if (!row) throw new Error('no row');
    row.secret = Buffer.from(row.secret.toString().replace('today', 'old'));
    tokensIn(await w.signIn(ada.password));
    expect([...w.vaultRows.values()].map(({ id, secret }) => [id, secret.toString().includes('today')])).toEqual([[user.credentialId, true]]);
    expect(w.jobs.make).toBe(2);
    tokensIn(await w.signIn(ada.password));
    expect(w.jobs.make).toBe(2);
  });
});

describe('a name to sign in by', () => {
  it('may be an alias', async () => {
    const w = world();
    w.directory.pool({ AliasAttributes: ['email'] });
    await w.user({ attributes: [{ name: 'email', value: ada.email }, { name: 'email_verified', value: 'true' }] });
    expect(tokensIn(await w.signIn(ada.password, { username: ada.email })).tokenType).toBe('Bearer');
  });
  it('is not the sub, unless that is the user name', async () => {
    const w = world();
    await w.user();
    expect(await codeOf(w.signIn(ada.password, { username: ada.sub }))).toBe('UserNotFound');
    const byAddress = world();
    byAddress.directory.pool({ UsernameAttributes: ['email'] });
    await byAddress.user({ username: ada.sub });
    tokensIn(await byAddress.signIn(ada.password, { username: ada.sub }));
  });
});

describe('before a proof', () => {
  const states = [
    ['an unconfirmed user', { status: 'UNCONFIRMED' }, 'UserNotConfirmed'],
    ['a disabled user', { enabled: false }, 'UserDisabled'],
  ] as const;

  it.each(states)('%s is told at once where the client hides nothing', async (_who, state, code) => {
    const w = world();
    await w.user(state);
    expect(await codeOf(w.signIn('wrong'))).toBe(code);
    expect(w.jobs.matches).toBe(0);
  });
  it.each(states)('%s is told nothing but the mismatch where it hides unknown users', async (_who, state, code) => {
    const w = world();
    w.directory.client(hiding);
    await w.user(state);
    expect(await codeOf(w.signIn('wrong'))).toBe('PasswordMismatch');
    expect(await codeOf(w.signIn(ada.password))).toBe(code);
  });
  it('nobody is told by a client that hides nothing', async () => expect(await codeOf(world().signIn('any'))).toBe('UserNotFound'));

  it('K1: nobody costs what a wrong password costs, and answers alike', async () => {
    const work = async (username: string, withPassword = true) => {
      const w = world();
      w.directory.client(hiding);
      await w.user(withPassword ? {} : { credentialId: undefined });
      const before = { ...w.jobs, statements: w.statements.count, reads: w.directory.reads(), hooks: w.triggers.length };
      const answer = await codeOf(w.signIn('wrong', { username }));
      return [answer, w.jobs.matches - before.matches, w.jobs.make - before.make, w.statements.count - before.statements, w.directory.reads() - before.reads, w.triggers.length - before.hooks];
    };
    const known = await work('ada');
    expect(known).toEqual(['PasswordMismatch', 1, 0, 3, 1, 1]);
    expect(await work('nobody')).toEqual(known);
    expect(await work('ada', false)).toEqual(known);
  });
  it.each([['one more letter', 'a'.repeat(129)], ['pairs', '😀'.repeat(129)], ['accents', `a${'\u0301\u0316'.repeat(10_000)}`]])('a name that is too long by %s is refused before anybody is looked for', async (_what, username) => {
    const w = world();
    w.directory.client(hiding);
    const refused = { code: 'InvalidParameter', details: { reason: "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128" } };
    await expect(w.signIn('any', { username })).rejects.toMatchObject(refused);
    await expect(w.signIn('', { username, flow: 'USER_SRP_AUTH', parameters: { SRP_A: 'a1' } })).rejects.toMatchObject(refused);
    expect([w.directory.reads(), w.statements.count, w.jobs.srpStart, w.jobs.matches]).toEqual([0, 0, 0, 0]);
    await w.user({ status: 'FORCE_CHANGE_PASSWORD' });
    const { session } = challengeIn(await w.signIn(ada.password));
    await expect(w.respond('NEW_PASSWORD_REQUIRED', { USERNAME: username, NEW_PASSWORD: 'Analytical-2' }, { session })).rejects.toMatchObject(refused);
  });
  it('a name of 128 letters is looked for', async () => expect(await codeOf(world().signIn('any', { username: '😀'.repeat(128) }))).toBe('UserNotFound'));
  it('the hook learns that nobody is there', async () => {
    const w = world();
    w.directory.client(hiding);
    await codeOf(w.signIn('any', { username: 'nobody' }));
    expect(w.triggers.map(({ username, requestJson }) => [username, JSON.parse(requestJson)])).toEqual([['nobody', { userAttributes: {}, validationData: {}, userNotFound: true }]]);
  });
});

describe('after the proof', () => {
  it('a pending reset stops it', async () => {
    const w = world();
    await w.user({ status: 'RESET_REQUIRED' });
    expect(await codeOf(w.signIn(ada.password))).toBe('PasswordResetRequired');
  });
  it('an expired temporary password stops it', async () => {
    const w = world();
    await w.user({ status: 'FORCE_CHANGE_PASSWORD', temporaryUntil: epochSeconds(Date.UTC(2026, 10, 24, 12) / 1000) });
    expect(await codeOf(w.signIn(ada.password))).toBe('TemporaryPasswordExpired');
    expect(await codeOf(w.signIn('wrong'))).toBe('PasswordMismatch');
  });
  it('nobody is let in, and no user without a password, even by what happens to match', async () => {
    for (const username of ['ada', 'nobody']) {
      const { passwords } = fakePasswords();
      const w = world({ passwords: { ...passwords, matches: async () => true, srpFinish: async () => true } });
      w.directory.client(hiding);
      await w.user({ credentialId: undefined });
      expect(await codeOf(w.signIn('any', { username }))).toBe('PasswordMismatch');
      const { parameters } = challengeIn(await w.signIn('', { username, flow: 'USER_SRP_AUTH', parameters: { SRP_A: 'a1' } }));
      expect(await codeOf(w.respond('PASSWORD_VERIFIER', {
        USERNAME: username, PASSWORD_CLAIM_SECRET_BLOCK: parameters['SECRET_BLOCK'] ?? '', PASSWORD_CLAIM_SIGNATURE: 'any', TIMESTAMP: 'now',
      }))).toBe('PasswordMismatch');
    }
  });
  it('a user without a password is never let in', async () => {
    const w = world();
    await w.user({ status: 'FORCE_CHANGE_PASSWORD', credentialId: undefined });
    for (const password of ['', ' ', 'undefined', ada.password].filter((each) => each !== '')) expect(await codeOf(w.signIn(password))).toBe('PasswordMismatch');
  });
});

describe('a sign-in by an administrator', () => {
  const asAdmin = { adminPoolId: poolId, flow: 'ADMIN_USER_PASSWORD_AUTH' };
  it('ends in tokens, under both names of its flow', async () => {
    const w = world();
    await w.user();
    tokensIn(await w.signIn(ada.password, asAdmin));
    tokensIn(await w.signIn(ada.password, { ...asAdmin, flow: 'ADMIN_NO_SRP_AUTH' }));
    expect(w.token.issued).toHaveLength(2);
  });
  it('J1: knows only clients of its pool', async () => {
    const w = world();
    await w.user();
    w.directory.pool({}, 'eu-west-1_Other');
    await expect(w.signIn(ada.password, { ...asAdmin, adminPoolId: 'eu-west-1_Other' })).rejects.toMatchObject({ code: 'ClientNotFound', details: { clientId } });
    await expect(w.signIn(ada.password, { ...asAdmin, adminPoolId: 'eu-west-1_None' })).rejects.toMatchObject({ code: 'PoolNotFound', details: { poolId: 'eu-west-1_None' } });
  });
  it('needs the flow of administrators', async () => {
    const w = world();
    w.directory.client({ settings: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] } });
    await expect(w.signIn(ada.password, asAdmin)).rejects.toMatchObject({ code: 'FlowNotEnabled', details: { flow: 'ADMIN_USER_PASSWORD_AUTH' } });
    expect(await codeOf(w.signIn(ada.password, { ...asAdmin, flow: 'USER_PASSWORD_AUTH' }))).toBe('FlowNotSupported');
    expect(await codeOf(w.signIn(ada.password, { flow: 'ADMIN_USER_PASSWORD_AUTH' }))).toBe('FlowNotSupported');
  });
});

describe('a refresh', () => {
  const refresh = { flow: 'REFRESH_TOKEN_AUTH' };
  const withToken = () => {
    const w = world();
    w.token.refreshable.set('r1.ada', { sub: ada.sub, username: 'ada' });
    return w;
  };
  it.each(['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'])('by %s answers without a refresh token', async (flow) => {
    const tokens = tokensIn(await withToken().signIn('', { flow, parameters: { REFRESH_TOKEN: 'r1.ada' } }));
    expect(tokens.refreshToken).toBeUndefined();
  });
  it('needs the token, and one that is known', async () => {
    const w = withToken();
    await expect(w.signIn('', refresh)).rejects.toMatchObject({ code: 'InvalidParameter', details: { reason: 'Missing required parameter REFRESH_TOKEN' } });
    expect(await codeOf(w.signIn('', { ...refresh, parameters: { REFRESH_TOKEN: 'r1.other' } }))).toBe('RefreshTokenInvalid');
  });
  it('needs the flow', async () => {
    const w = withToken();
    w.directory.client({ settings: { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] } });
    expect(await codeOf(w.signIn('', { ...refresh, parameters: { REFRESH_TOKEN: 'r1.ada' } }))).toBe('FlowNotEnabled');
  });
  it('B21: takes a SECRET_HASH of the user name or the sub, and no other', async () => {
    const w = withToken();
    w.directory.client({ secrets: ['s3cret'] });
    const attempt = (name: string | undefined) => w.signIn('', { ...refresh, parameters: {
      REFRESH_TOKEN: 'r1.ada', ...(name === undefined ? {} : { SECRET_HASH: createHmac('sha256', 's3cret').update(name + clientId).digest('base64') }),
    } });
    tokensIn(await attempt('ada'));
    tokensIn(await attempt(ada.sub));
    expect(await codeOf(attempt('grace'))).toBe('SecretHashMismatch');
    expect(await codeOf(attempt(undefined))).toBe('SecretHashMissing');
  });
});

describe('an answer to a challenge', () => {
  const respond = (w: ReturnType<typeof world>, challenge: string, session?: string) =>
    codeOf(w.service.respondToChallenge({ clientId, adminPoolId: undefined, challenge, session, responses: { USERNAME: 'ada', ANSWER: '1' } }, callOf()));
  it('needs its Session', async () => expect(await respond(world(), 'SMS_MFA')).toBe('InvalidParameter'));
  it('C5: is nothing with a Session that is not ours', async () => expect(await respond(world(), 'SMS_MFA', 'x'.repeat(40))).toBe('SessionInvalid'));
  it('is nothing with a proof for a Session', async () => {
    const w = world();
    await w.user();
    const step = await w.signIn(ada.password, { wantsProof: true });
    expect(await respond(w, 'NEW_PASSWORD_REQUIRED', step.outcome?.$case === 'proof' ? step.outcome.value : '')).toBe('SessionInvalid');
  });
});

