import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { ada, callOf, challengeIn, clientId, codeOf, poolId, tokensIn, world, type World } from './support/world.js';

const hiding = { settings: { PreventUserExistenceErrors: 'ENABLED' } };
const SRP = { flow: 'USER_SRP_AUTH', parameters: { SRP_A: 'a1' } };

const firstLeg = async (w: World, username = 'ada', request: Parameters<World['signIn']>[1] = {}) =>
  challengeIn(await w.signIn('', { username, ...SRP, ...request }));
/** The fakes' client signs with the password itself. */
const answerTo = ({ parameters }: { readonly parameters: Readonly<Record<string, string>> }, password: string = ada.password, changed: Readonly<Record<string, string>> = {}) => ({
  USERNAME: parameters['USER_ID_FOR_SRP'] ?? '', PASSWORD_CLAIM_SECRET_BLOCK: parameters['SECRET_BLOCK'] ?? '', PASSWORD_CLAIM_SIGNATURE: password, TIMESTAMP: 'now', ...changed,
});
const secondLeg = (w: World, responses: Readonly<Record<string, string>>, request: Parameters<World['respond']>[2] = {}) =>
  codeOf(w.respond('PASSWORD_VERIFIER', responses, request));

describe('a sign-in by SRP', () => {
  it('ends in tokens of what was proved, over two stateless legs', async () => {
    const w = world();
    const user = await w.user({ sessionGeneration: 2 });
    const challenge = await firstLeg(w);
    expect(challenge).toEqual({
      name: 'PASSWORD_VERIFIER', session: undefined, available: [],
      parameters: { SALT: expect.stringMatching(/^[0-9a-f]{32}$/), SECRET_BLOCK: expect.any(String), SRP_B: 'b0', USERNAME: 'ada', USER_ID_FOR_SRP: 'ada' },
    });
    expect(w.singleUse.used()).toBe(0);
    expect(tokensIn(await secondLeg(w, answerTo(challenge))).tokenType).toBe('Bearer');
    expect(w.token.issued).toMatchObject([{ sub: ada.sub, credentialId: user.credentialId, sessionGeneration: 2, amr: ['pwd'] }]);
  });

  it('by an alias goes on in the internal name', async () => {
    const w = world();
    w.directory.pool({ AliasAttributes: ['email'] });
    await w.user({ attributes: [{ name: 'email', value: ada.email }, { name: 'email_verified', value: 'true' }] });
    const challenge = await firstLeg(w, ada.email);
    expect([challenge.parameters['USERNAME'], challenge.parameters['USER_ID_FOR_SRP']]).toEqual(['ada', 'ada']);
    expect(await secondLeg(w, answerTo(challenge, ada.password, { USERNAME: ada.email }))).toBe('SessionInvalid');
    tokensIn(await secondLeg(w, answerTo(challenge)));
  });

  it('refuses a wrong password', async () => {
    const w = world();
    await w.user();
    expect(await secondLeg(w, answerTo(await firstLeg(w), 'wrong'))).toBe('PasswordMismatch');
  });

  it('takes, and ignores, a Session beside the secret block', async () => {
    const w = world();
    await w.user();
    tokensIn(await secondLeg(w, answerTo(await firstLeg(w)), { session: 'whatever it is, it means nothing' }));
    expect(w.token.issued).toHaveLength(1);
  });

  it.each(['PASSWORD_CLAIM_SIGNATURE', 'PASSWORD_CLAIM_SECRET_BLOCK', 'TIMESTAMP', 'USERNAME'])('needs %s', async (name) => {
    const w = world();
    await w.user();
    const challenge = await firstLeg(w);
    const { [name]: _, ...rest } = answerTo(challenge) as Record<string, string>;
    await expect(w.respond('PASSWORD_VERIFIER', rest)).rejects.toMatchObject({ code: 'InvalidParameter', details: { reason: `Missing required parameter ${name}` } });
    tokensIn(await secondLeg(w, answerTo(challenge)));
  });

  it('B21: demands the SECRET_HASH in both legs, in the second of the internal name', async () => {
    const w = world();
    w.directory.pool({ AliasAttributes: ['email'] });
    await w.user({ attributes: [{ name: 'email', value: ada.email }, { name: 'email_verified', value: 'true' }] });
    w.directory.client({ secrets: ['s3cret'] });
    const hash = (name: string) => createHmac('sha256', 's3cret').update(name + clientId).digest('base64');
    expect(await codeOf(firstLeg(w, ada.email))).toBe('SecretHashMissing');
    const challenge = await firstLeg(w, ada.email, { parameters: { SRP_A: 'a1', SECRET_HASH: hash(ada.email) } });
    expect(await secondLeg(w, answerTo(challenge))).toBe('SecretHashMissing');
    expect(await secondLeg(w, answerTo(challenge, ada.password, { SECRET_HASH: hash(ada.email) }))).toBe('SecretHashMismatch');
    tokensIn(await secondLeg(w, answerTo(challenge, ada.password, { SECRET_HASH: hash('ada') })));
  });

  it('C8: shares the count of wrong passwords with the password flow', async () => {
    const w = world();
    await w.user();
    for (let n = 0; n < 3; n++) await codeOf(w.signIn('wrong'));
    for (let n = 0; n < 2; n++) await secondLeg(w, answerTo(await firstLeg(w), 'wrong'));
    expect(await secondLeg(w, answerTo(await firstLeg(w)))).toBe('TooManyAttempts');
    expect(await codeOf(w.signIn(ada.password))).toBe('TooManyAttempts');
    w.pass(1_000);
    tokensIn(await secondLeg(w, answerTo(await firstLeg(w))));
  });

  it('B7: is worth nothing after a password reset or a sign-out between the legs', async () => {
    for (const changed of [{ credentialId: '00000000-0000-4000-8000-0000000000c2' }, { sessionGeneration: 1 }]) {
      const w = world();
      await w.user();
      const challenge = await firstLeg(w);
      w.directory.change(ada.sub, changed);
      expect(await secondLeg(w, answerTo(challenge))).toBe('PasswordMismatch');
      expect(w.jobs.srpFinish).toBe(0);
    }
  });

  it('a user who was disabled or is unconfirmed is told so, before the proof or after it', async () => {
    for (const [settings, password, code] of [[{}, 'wrong', 'UserDisabled'], [hiding, ada.password, 'UserDisabled'], [hiding, 'wrong', 'PasswordMismatch']] as const) {
      const w = world();
      w.directory.client(settings);
      await w.user();
      const challenge = await firstLeg(w);
      w.directory.change(ada.sub, { enabled: false });
      expect(await secondLeg(w, answerTo(challenge, password))).toBe(code);
    }
  });

  it('reads the user once a leg', async () => {
    const w = world({ token: { issue: async () => ({}) } as never });
    await w.user();
    const challenge = await firstLeg(w);
    expect(w.directory.reads()).toBe(1);
    await secondLeg(w, answerTo(challenge));
    expect(w.directory.reads()).toBe(2);
  });
});

describe('D3: the second leg', () => {
  it('without a first one is nothing', async () => {
    const w = world();
    await w.user();
    expect(await secondLeg(w, answerTo({ parameters: { USER_ID_FOR_SRP: 'ada', SECRET_BLOCK: Buffer.alloc(600).toString('base64') } }))).toBe('SessionInvalid');
  });
  it('takes a Session or another purpose\'s text for no secret block', async () => {
    const w = world();
    await w.user({ status: 'FORCE_CHANGE_PASSWORD' });
    const { session = '' } = challengeIn(await w.signIn(ada.password));
    expect(await secondLeg(w, answerTo({ parameters: { USER_ID_FOR_SRP: 'ada', SECRET_BLOCK: session } }))).toBe('SessionInvalid');
    const { SECRET_BLOCK = '' } = (await firstLeg(w)).parameters;
    expect(await codeOf(w.respond('NEW_PASSWORD_REQUIRED', { USERNAME: 'ada', NEW_PASSWORD: 'New-pass-1' }, { session: SECRET_BLOCK }))).toBe('SessionInvalid');
  });
  it.each([['right', ada.password], ['wrong', 'wrong']])('uses its secret block up by a %s answer', async (_kind, password) => {
    const w = world();
    await w.user();
    const challenge = await firstLeg(w);
    await secondLeg(w, answerTo(challenge, password));
    expect(await secondLeg(w, answerTo(challenge))).toBe('SessionUsed');
    expect(w.jobs.srpFinish).toBe(1);
  });
  it('is judged once of 20 in parallel', async () => {
    const w = world();
    await w.user();
    const challenge = await firstLeg(w);
    const codes = await Promise.all(Array.from({ length: 20 }, (_, n) => secondLeg(w, answerTo(challenge, `wrong ${n}`))));
    expect(w.jobs.srpFinish).toBe(1);
    expect(new Set(codes)).toEqual(new Set(['PasswordMismatch', 'SessionUsed', 'TooManyRequests']));
  });
  it('passes again for the same request, with tokens of the same family', async () => {
    const w = world();
    await w.user();
    const challenge = await firstLeg(w);
    const attempt = (requestKey: string) => secondLeg(w, answerTo(challenge), { call: callOf({ requestKey }) });
    const first = tokensIn(await attempt('k1'));
    expect(tokensIn(await attempt('k1')).family).toBe(first.family);
    expect(await attempt('k2')).toBe('SessionUsed');
    w.pass(60_000);
    expect(await attempt('k1')).toBe('SessionUsed');
  });
});

describe('C5: a secret block', () => {
  it('of one user is nothing for another', async () => {
    const w = world();
    await w.user();
    await w.user({ sub: '0000ada0-0000-4000-8000-000000000002', username: 'grace', credentialId: '00000000-0000-4000-8000-0000000000c3' });
    expect(await secondLeg(w, answerTo(await firstLeg(w), ada.password, { USERNAME: 'grace' }))).toBe('SessionInvalid');
    expect(w.jobs.srpFinish).toBe(0);
  });
  it('of one client or pool is nothing for another', async () => {
    const w = world();
    await w.user();
    w.directory.client({}, 'otherclient');
    w.directory.pool({}, 'eu-west-1_Other');
    w.directory.client({ poolId: 'eu-west-1_Other' }, 'clientofother');
    const challenge = await firstLeg(w);
    for (const other of ['otherclient', 'clientofother']) expect(await secondLeg(w, answerTo(challenge), { clientId: other })).toBe('SessionInvalid');
  });
  it('that was changed in one character is nothing', async () => {
    const w = world();
    await w.user();
    const challenge = await firstLeg(w);
    const block = challenge.parameters['SECRET_BLOCK'] ?? '';
    const changed = `${block.slice(0, 50)}${block[50] === 'A' ? 'B' : 'A'}${block.slice(51)}`;
    expect(await secondLeg(w, answerTo(challenge, ada.password, { PASSWORD_CLAIM_SECRET_BLOCK: changed }))).toBe('SessionInvalid');
  });
  it('serves as long as the client says, and no longer', async () => {
    const w = world();
    w.directory.client({ settings: { AuthSessionValidity: 5 } });
    await w.user();
    const [first, second] = [await firstLeg(w), await firstLeg(w)];
    w.pass(299_000);
    tokensIn(await secondLeg(w, answerTo(first)));
    w.pass(1_000);
    expect(await secondLeg(w, answerTo(second))).toBe('SessionExpired');
  });
});

describe('D4: an unknown user', () => {
  const hidden = () => {
    const w = world();
    w.directory.client(hiding);
    return w;
  };
  it('is named by a client that hides nothing', async () => expect(await codeOf(firstLeg(world(), 'nobody'))).toBe('UserNotFound'));
  it('has a stable salt, in all spellings of the name, and other names have others', async () => {
    const w = hidden();
    const salt = async (name: string) => (await firstLeg(w, name)).parameters['SALT'];
    const salts = [await salt('Zoë'), await salt('Zoë'), await salt('Zoë'.normalize('NFD')), await salt('zoe')];
    expect(new Set(salts).size).toBe(2);
    expect(new Set(salts.slice(0, 3)).size).toBe(1);
  });
  it.each([
    ['the name itself', {}, 'nobody', /^nobody$/],
    ['a UUID where users sign in by address', { UsernameAttributes: ['email'] }, 'nobody@example.com', /^[0-9a-f-]{36}$/],
    ['a UUID for what looks like an alias', { AliasAttributes: ['email'] }, 'nobody@example.com', /^[0-9a-f-]{36}$/],
    ['the folded name where case means nothing', { UsernameConfiguration: { CaseSensitive: false } }, 'NoBody', /^nobody$/],
  ] as const)('is called %s, the same each time', async (_what, settings, name, pattern) => {
    const w = hidden();
    w.directory.pool(settings);
    const [first, second] = [await firstLeg(w, name), await firstLeg(w, name)];
    expect(first.parameters['USER_ID_FOR_SRP']).toMatch(pattern);
    expect(second.parameters['USER_ID_FOR_SRP']).toBe(first.parameters['USER_ID_FOR_SRP']);
    expect(first.parameters['USERNAME']).toBe(first.parameters['USER_ID_FOR_SRP']);
  });
  it('K1: costs the same jobs, statements, reads and hooks in both legs, and answers alike', async () => {
    const work = async (username: string, changed: Parameters<World['user']>[0] = {}) => {
      const w = hidden();
      await w.user(changed);
      const costs = (): number[] => [w.jobs.srpStart, w.jobs.srpFinish, w.jobs.matches, w.jobs.make, w.statements.count, w.directory.reads(), w.triggers.length];
      const start = costs();
      const challenge = await firstLeg(w, username);
      const middle = costs();
      const code = await secondLeg(w, answerTo(challenge, 'wrong'));
      const since = (from: number[]) => costs().map((cost, n) => cost - (from[n] ?? 0));
      const { SECRET_BLOCK = '', ...shown } = challenge.parameters;
      return { first: middle.map((cost, n) => cost - (start[n] ?? 0)), second: since(middle), code, shown: Object.keys(shown), isLong: SECRET_BLOCK.length > 800 };
    };
    const known = await work('ada');
    expect(known).toEqual({ first: [1, 0, 0, 0, 1, 1, 1], second: [0, 1, 0, 0, 4, 1, 0], code: 'PasswordMismatch', shown: ['SALT', 'SRP_B', 'USERNAME', 'USER_ID_FOR_SRP'], isLong: true });
    expect(await work('nobody')).toEqual(known);
    expect(await work('ada', { credentialId: undefined })).toEqual(known);
    expect(await work('ada', { status: 'UNCONFIRMED' })).toEqual(known);
    expect(await work('ada', { enabled: false })).toEqual(known);
  });
  it('is never let in, even by somebody who is registered under that name meanwhile', async () => {
    const w = hidden();
    const challenge = await firstLeg(w);
    await w.user();
    expect(await secondLeg(w, answerTo(challenge))).toBe('PasswordMismatch');
  });
  it('locks as a known one does', async () => {
    const w = hidden();
    const codes: unknown[] = [];
    for (let n = 0; n < 6; n++) codes.push(await secondLeg(w, answerTo(await firstLeg(w, 'nobody'), 'wrong')));
    expect(codes).toEqual([...Array.from({ length: 5 }, () => 'PasswordMismatch'), 'TooManyAttempts']);
  });
  it('fits into a secret block under the longest name there is', async () => {
    const w = hidden();
    for (const character of ['a', '€', '😀', 'ᾷ', '"', '\\', '\u0301']) {
      w.directory.pool({ UsernameConfiguration: { CaseSensitive: false } });
      const { SECRET_BLOCK = '' } = (await firstLeg(w, character.repeat(128))).parameters;
      expect(SECRET_BLOCK.length).toBeLessThanOrEqual(2_048);
    }
  });
});

describe('D5: a TIMESTAMP', () => {
  it('that is stale is refused, uses the block up and is not counted as a guess', async () => {
    const w = world();
    await w.user();
    for (let n = 0; n < 6; n++) expect(await secondLeg(w, answerTo(await firstLeg(w), ada.password, { TIMESTAMP: 'stale' }))).toBe('PasswordMismatch');
    expect(w.jobs.srpFinish).toBe(0);
    const challenge = await firstLeg(w);
    await secondLeg(w, answerTo(challenge, ada.password, { TIMESTAMP: 'stale' }));
    expect(await secondLeg(w, answerTo(challenge))).toBe('SessionUsed');
    tokensIn(await secondLeg(w, answerTo(await firstLeg(w))));
  });
});

it('an administrator signs in by SRP too', async () => {
  const w = world();
  await w.user();
  const challenge = await firstLeg(w, 'ada', { adminPoolId: poolId });
  expect(tokensIn(await secondLeg(w, answerTo(challenge), { adminPoolId: poolId })).tokenType).toBe('Bearer');
});
