import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { refusal } from '@rollcall/contracts';

import { authenticationDatabase, databaseWorld, type AuthenticationDatabase, type DatabaseWorld } from './support/database-world.js';
import { callOf, challengeIn, clientId, codeOf, poolId, tokensIn } from './support/world.js';

let database: AuthenticationDatabase;
beforeAll(async () => { database = await authenticationDatabase(); });
afterAll(async () => {
  await database.store.close();
  await database.close();
});

let w: DatabaseWorld;
beforeEach(async () => {
  for (const table of ['sending', 'code_request', 'budget', 'credential_review', 'vault', 'lockout']) await database.db.queryOnce(`delete from authentication.${table}`);
  w = databaseWorld(database);
});
const rows = async (table: string) => (await database.db.queryOnce<{ n: number }>(`select count(*) as n from authentication.${table}`)).rows[0]?.n;

describe('a sign-up', () => {
  it('makes an unconfirmed user, sends a code, and the code confirms', async () => {
    const call = callOf();
    const answer = await w.signUp({ call });
    expect(answer).toEqual({ sub: expect.stringMatching(/^[0-9a-f-]{36}$/), confirmed: false, delivery: { destination: 'a***@e***', medium: 'EMAIL', attribute: 'email' }, session: undefined });
    expect(call.effects.sub).toBe(answer.sub);
    expect(w.directory.users()).toMatchObject([{ sub: answer.sub, username: 'ada', status: 'UNCONFIRMED' }]);
    expect(await codeOf(w.signIn('Engine-1842'))).toBe('UserNotConfirmed');

    expect(await w.deliver()).toMatchObject([{
      poolId, sub: answer.sub, channel: 'email', to: 'ada@example.com', purpose: 'sign-up', subject: 'Your verification code', body: expect.stringMatching(/^Your verification code is \d{6}\.$/),
    }]);
    expect(await w.confirm('ada', w.newestCode())).toEqual({ session: undefined });
    expect(w.directory.users()).toMatchObject([{ status: 'CONFIRMED', attributes: [{ name: 'email', value: 'ada@example.com' }, { name: 'email_verified', value: 'true' }] }]);
    expect(tokensIn(await w.signIn('Engine-1842')).tokenType).toBe('Bearer');
  });

  it('sends by text message where the pool verifies both addresses', async () => {
    w.directory.pool({ AutoVerifiedAttributes: ['email', 'phone_number'], SmsVerificationMessage: 'Code {####}!' });
    const { delivery } = await w.signUp({ attributes: [{ name: 'email', value: 'ada@example.com' }, { name: 'phone_number', value: '+15555551234' }] });
    expect(delivery).toEqual({ destination: '+*******1234', medium: 'SMS', attribute: 'phone_number' });
    expect(await w.deliver()).toMatchObject([{ channel: 'sms', to: '+15555551234', subject: undefined, body: expect.stringMatching(/^Code \d{6}!$/) }]);
    await w.confirm('ada', w.newestCode());
    expect(w.directory.users()[0]?.attributes).toContainEqual({ name: 'phone_number_verified', value: 'true' });
  });

  it.each([
    ['verifies nothing', {}, undefined],
    ['verifies what the user has not', { AutoVerifiedAttributes: ['phone_number'] }, undefined],
  ])('sends nothing where the pool %s', async (_what, settings, delivery) => {
    w.directory.pool(settings);
    expect(await w.signUp()).toMatchObject({ confirmed: false, delivery });
    await database.db.queryOnce('update authentication.sending set due_at = 0');
    expect(await w.deliver()).toEqual([]);
    expect(await rows('sending')).toBe(0);
  });

  it.each([
    ['Ada', { UsernameConfiguration: { CaseSensitive: false } }, 'ada', ['ADA', 'ada']],
    ['Ame\u0301lie', {}, 'Am\u00e9lie', ['Ame\u0301lie', 'Am\u00e9lie']],
  ])('K1: shows %j to a sign-in by SRP as it would show nobody of that name', async (typed, settings, shown, spellings) => {
    w.directory.pool({ AutoVerifiedAttributes: ['email'], ...settings });
    w.directory.client({ settings: { PreventUserExistenceErrors: 'ENABLED' } });
    const shownTo = async (username: string) => {
      const { parameters } = challengeIn(await w.signIn('', { username, flow: 'USER_SRP_AUTH', parameters: { SRP_A: 'a1' } }));
      return [parameters['USERNAME'], parameters['USER_ID_FOR_SRP']];
    };
    const nobody = [];
    for (const spelling of spellings) nobody.push(await shownTo(spelling));
    await w.signUp({ username: typed });
    await w.deliver();
    await w.confirm(spellings[0] ?? '', w.newestCode());
    for (const [n, spelling] of spellings.entries()) {
      expect(await shownTo(spelling)).toEqual(nobody[n]);
      expect(nobody[n]).toEqual([shown, shown]);
      tokensIn(await w.signIn('Engine-1842', { username: spelling }));
    }
  });

  it('names the user by the sub where users sign in by address', async () => {
    w.directory.pool({ UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] });
    const { sub } = await w.signUp({ username: 'ada@example.com', attributes: [] });
    expect(w.directory.users()).toMatchObject([{ sub, username: sub }]);
    await w.deliver();
    await w.confirm('ada@example.com', w.newestCode());
    expect(tokensIn(await w.signIn('Engine-1842', { username: 'ada@example.com' })).tokenType).toBe('Bearer');
  });

  it.each([
    ['a password against the policy', { password: 'short' }, {}, { code: 'PasswordRejected', details: { rule: 'Password did not conform with password policy: Password not long enough' } }],
    ['no password, in the words that clients look for', { password: undefined }, {}, { code: 'InvalidParameter', details: { reason: expect.stringContaining("'password' failed to satisfy constraint: Member must not be null") } }],
    ['where only administrators create users', {}, { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } }, { code: 'SignUpNotAllowed' }],
    ['J10: a proof of an address', { attributes: [{ name: 'email_verified', value: 'true' }] }, {}, { code: 'AttributeNotWritable', details: { attribute: 'email_verified' } }],
    ['B20: an attribute that the client may not write', { attributes: [{ name: 'custom:role', value: 'admin' }] }, { Schema: [{ Name: 'role', AttributeDataType: 'String' }] }, { code: 'AttributeNotWritable', details: { attribute: 'custom:role' } }],
    ['J10: a sub', { attributes: [{ name: 'sub', value: 'x' }] }, {}, { code: 'AttributeNotWritable', details: { attribute: 'sub' } }],
  ])('refuses %s, and writes nothing', async (_what, request, settings, refused) => {
    w.directory.pool(settings);
    await expect(w.signUp(request as never)).rejects.toMatchObject(refused);
    expect([await rows('vault'), await rows('sending'), await rows('code_request'), w.jobs.make]).toEqual([0, 0, 0, 0]);
  });

  it('B21: demands the SECRET_HASH', async () => {
    w.directory.client({ secrets: ['s3cret'] });
    expect(await codeOf(w.signUp())).toBe('SecretHashMissing');
    const secretHash = createHmac('sha256', 's3cret').update(`ada${clientId}`).digest('base64');
    expect(await codeOf(w.signUp({ secretHash: 'x' }))).toBe('SecretHashMismatch');
    expect(await codeOf(w.signUp({ secretHash, username: 'grace' }))).toBe('SecretHashMismatch');
    expect(await w.signUp({ secretHash })).toMatchObject({ confirmed: false });
  });

  it('of a taken name is refused, and its message never goes out', async () => {
    await w.signUp();
    await w.deliver();
    expect(await codeOf(w.signUp({ attributes: [{ name: 'email', value: 'eve@example.com' }] }))).toBe('UsernameTaken');
    await database.db.queryOnce('update authentication.sending set due_at = 0');
    expect(await w.deliver()).toEqual([]);
    expect(await rows('sending')).toBe(0);
  });

  it('K9: makes one user and one message of 20 parallel ones of one name', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => codeOf(w.signUp())));
    expect(outcomes.filter((outcome) => outcome === 'UsernameTaken')).toHaveLength(19);
    await database.db.queryOnce('update authentication.sending set due_at = 0');
    expect([(await w.deliver()).length, w.directory.users().length]).toEqual([1, 1]);
  });

  it('K9: repeated by its sender makes one user, one password, one message, and gets the first answer', async () => {
    const attempt = () => w.signUp({ call: callOf({ operation: 'SignUp', requestKey: 'ab'.repeat(32) }) });
    const first = await attempt();
    await w.deliver();
    expect(await attempt()).toEqual(first);
    expect([(await w.deliver()).length, w.directory.users().length, await rows('vault'), await rows('code_request')]).toEqual([0, 1, 1, 1]);
  });

  it('takes another sub where its own is used up', async () => {
    const register = w.directory.port.register;
    const subs: string[] = [];
    Object.assign(w.needs.directory, { register: async (...args: Parameters<typeof register>) => {
      subs.push(args[0].sub);
      if (subs.length === 1) throw refusal('UserChangedMeanwhile');
      return register(...args);
    } });
    const { sub } = await w.signUp({ call: callOf({ requestKey: 'cd'.repeat(32) }) });
    expect([subs.length, subs[1], subs[0] === subs[1]]).toEqual([2, sub, false]);
    await w.deliver();
    await w.confirm('ada', w.newestCode());
    expect(tokensIn(await w.signIn('Engine-1842')).tokenType).toBe('Bearer');
  });

  it('is confirmed at once by a hook', async () => {
    w = databaseWorld(database, { trigger: { run: async ({ source }) => ({ responseJson: source === 'PreSignUp_SignUp' ? '{"autoConfirmUser":true}' : '{}' }) } });
    expect(await w.signUp()).toMatchObject({ confirmed: true, delivery: undefined });
    expect(await rows('sending')).toBe(0);
    expect(tokensIn(await w.signIn('Engine-1842')).tokenType).toBe('Bearer');
  });

  it('runs the hooks before and after', async () => {
    await w.signUp({ validationData: { from: 'kiosk' } });
    await w.deliver();
    await w.confirm('ada', w.newestCode());
    expect(w.triggers.map(({ source }) => source)).toEqual(['PreSignUp_SignUp', 'CustomMessage_SignUp', 'PostConfirmation_ConfirmSignUp']);
    expect(JSON.parse(w.triggers[0]?.requestJson ?? '')).toMatchObject({ userAttributes: { email: 'ada@example.com' }, validationData: { from: 'kiosk' } });
  });
});

describe('after a kill between the password and the user', () => {
  const held = async () => {
    const register = w.directory.port.register;
    Object.assign(w.needs.directory, { register: async () => { throw new Error('killed'); } });
    await expect(w.signUp({ call: callOf({ requestKey: 'ef'.repeat(32) }) })).rejects.toThrow('killed');
    Object.assign(w.needs.directory, { register });
  };
  it('a message is held until it is known whether the user exists', async () => {
    await held();
    expect(await w.deliver()).toEqual([]);
    await database.db.queryOnce('update authentication.sending set due_at = 0');
    expect(await w.deliver()).toEqual([]);
    expect(await rows('sending')).toBe(0);
  });
  it('a user who was made gets the message', async () => {
    const register = w.directory.port.register;
    Object.assign(w.needs.directory, { register: async (...args: Parameters<typeof register>) => { await register(...args); throw new Error('killed'); } });
    await expect(w.signUp()).rejects.toThrow('killed');
    expect(await w.deliver()).toEqual([]);
    await database.db.queryOnce('update authentication.sending set due_at = 0');
    expect(await w.deliver()).toMatchObject([{ to: 'ada@example.com' }]);
    await w.confirm('ada', w.newestCode());
  });
  it('the repeated request makes the user that the first one began', async () => {
    await held();
    const { sub } = await w.signUp({ call: callOf({ requestKey: 'ef'.repeat(32) }) });
    expect(await w.deliver()).toMatchObject([{ sub }]);
    expect(await rows('vault')).toBe(1);
  });
});
