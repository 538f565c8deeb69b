/**
 * Sign-ins that must lead nowhere. Left to tests of the parts: a Session after its time (C5), which lasts three minutes at
 * least; equal work and time for known and unknown names (K1, D4), which are counted and not clocked; wrong paddings (D2).
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { outcomeOf } from '../src/outcome.js';
import { comparable, rawCall } from '../src/raw-call.js';
import { attributes, newClient, newDoor, newPool, newUser, openScene, PASSWORD, type Scene } from '../src/scene.js';
import { beginSrp, signInByPassword, signInBySrp, type Door } from '../src/sign-in.js';
import { N, srpBegin, srpClaim, srpTimestamp, type SrpChallenge } from '../src/srp.js';

const mismatch = 'NotAuthorizedException: Incorrect username or password.';
const sessionInvalid = 'NotAuthorizedException: Invalid session for the user.';
const sessionUsed = 'NotAuthorizedException: Invalid session for the user, session can only be used once.';

describe('sign-in', () => {
  let scene: Scene;
  let door: Door;
  beforeAll(async () => {
    scene = await openScene();
    door = await newDoor(scene.admin);
    for (const name of ['ada', 'bob']) await newUser(scene.admin, door.poolId, name);
  });
  afterAll(() => scene.close());
  let made = 0;
  /** Each test guesses at people of its own: wrong answers lock. */
  const somebody = async (password = PASSWORD) => {
    const name = `somebody-${made++}`;
    await newUser(scene.admin, door.poolId, name, {}, password);
    return name;
  };

  describe('with a Session', () => {
    const invited = async (at = door, name = `invited-${made++}`) => {
      await scene.admin.adminCreateUser({ UserPoolId: at.poolId, Username: name, TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' });
      const { Session } = await signInByPassword(scene.app, at, name, PASSWORD);
      return { name, Session };
    };
    const answer = (Session: string | undefined, USERNAME: string, ClientId = door.clientId, NEW_PASSWORD = 'Another-horse-8') =>
      outcomeOf(scene.app.respondToAuthChallenge({ ClientId, ChallengeName: 'NEW_PASSWORD_REQUIRED', Session, ChallengeResponses: { USERNAME, NEW_PASSWORD } }));

    it('C5: serves nobody else', async () => {
      const [victim, attacker] = [await invited(), await invited()];
      expect(await answer(attacker.Session, victim.name)).toBe(sessionInvalid);
      expect(await outcomeOf(signInByPassword(scene.app, door, victim.name, 'Another-horse-8'))).toBe(mismatch);
      expect(await answer(attacker.Session, attacker.name)).toBe('ok');
    });

    it('C5: serves at no other client and no other pool', async () => {
      const { name, Session } = await invited();
      const [client, pool] = [await newClient(scene.admin, door.poolId), await newClient(scene.admin, await newPool(scene.admin))];
      await scene.admin.adminCreateUser({ UserPoolId: pool.poolId, Username: name, TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' });
      expect(await answer(Session, name, client.clientId)).toBe(sessionInvalid);
      expect(await answer(Session, name, pool.clientId)).toBe(sessionInvalid);
      expect(await answer(Session, name)).toBe('ok');
    });

    it('C5: serves once', async () => {
      const { name, Session } = await invited();
      expect(await answer(Session, name)).toBe('ok');
      expect(await answer(Session, name, door.clientId, 'A-third-horse-9')).toBe(sessionUsed);
      expect(await outcomeOf(signInByPassword(scene.app, door, name, 'Another-horse-8'))).toBe('ok');
    });

    it('C5: is not what was changed, cut or lengthened, nor a SECRET_BLOCK', async () => {
      const { name, Session = '' } = await invited();
      const { challenge } = await beginSrp(scene.app, door, 'ada');
      const forged = [Session.slice(0, -4), `${Session}AAAA`, Session.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')), challenge.SECRET_BLOCK];
      for (const each of forged) expect(await answer(each, name)).toBe(sessionInvalid);
      expect(await answer(Session, name)).toBe('ok');
    });
  });

  describe('with a password', () => {
    const policy = { Policies: { PasswordPolicy: { MinimumLength: 8 } } };
    const beyond = 'x'.repeat(72);
    it.each([
      ['that agrees in its first 72 bytes', `${beyond}-right`, [`${beyond}-wrong`, beyond, `${beyond}-righ`]],
      ['that agrees up to a NUL byte', 'before\0after', ['before\0other', 'before\0', 'before\0after\0']],
      ['of another Unicode form', 'Zoë-Zoë-1'.normalize('NFC'), ['Zoë-Zoë-1'.normalize('NFD')]],
      ['of other letters that look alike', 'ﬁancé-ſecret', ['fiancé-secret', 'ﬁance-secret']],
      ['of another case', 'Correct-Horse', ['correct-horse', 'CORRECT-HORSE']],
    ])('C20: does not take one %s', async (_what, right, wrong) => {
      const there = await newDoor(scene.admin, policy);
      await newUser(scene.admin, there.poolId, 'ada', {}, right);
      for (const password of wrong) {
        expect(await outcomeOf(signInByPassword(scene.app, there, 'ada', password))).toBe(mismatch);
      }
      expect(await outcomeOf(signInBySrp(scene.app, there, 'ada', wrong[0] ?? ''))).toBe(mismatch);
      expect(await outcomeOf(signInByPassword(scene.app, there, 'ada', right))).toBe('ok');
      expect(await outcomeOf(signInBySrp(scene.app, there, 'ada', right))).toBe('ok');
    });
  });

  describe('by SRP', () => {
    const begin = (SRP_A: string, USERNAME = 'ada') => scene.app.initiateAuth({ ClientId: door.clientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { USERNAME, SRP_A } });
    const finish = (responses: Record<string, string>, ClientId = door.clientId) =>
      outcomeOf(scene.app.respondToAuthChallenge({ ClientId, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: responses }));
    const claim = async (name: string, password = PASSWORD, timestamp?: string) => {
      const underWay = await beginSrp(scene.app, door, name);
      return srpClaim({ poolId: door.poolId, password, ...underWay, ...(timestamp === undefined ? {} : { timestamp }) });
    };

    it.each([['0', 0n], ['N', N], ['2N', 2n * N], ['3N', 3n * N]])('D1: refuses an A of %s, with which no password is needed', async (_what, A) => {
      expect(await outcomeOf(begin(A.toString(16)))).toBe('InvalidParameterException: SRP_A must not be zero modulo N.');
      expect(await outcomeOf(begin(A.toString(16), 'nobody'))).toMatch(/^(?:InvalidParameter|UserNotFound)Exception: /);
    });

    it.each([['nothing', ''], ['a word', 'number'], ['a negative one', '-1'], ['one with a prefix', '0x10'], ['one of 1,025 digits', '1'.repeat(1_025)]])('D1: refuses %s as A', async (_what, A) => {
      expect(await outcomeOf(begin(A))).toMatch(/^InvalidParameterException: /);
    });

    it('D3: knows no answer without a beginning', async () => {
      const name = await somebody();
      const right = await claim(name);
      const { PASSWORD_CLAIM_SECRET_BLOCK: block = '' } = right;
      for (const forged of ['AAAA', block.slice(0, -4), `${block.slice(0, 40)}AAAA${block.slice(44)}`]) {
        expect(await finish({ ...right, PASSWORD_CLAIM_SECRET_BLOCK: forged })).toBe(sessionInvalid);
      }
      const { Session } = await (async () => {
        await scene.admin.adminCreateUser({ UserPoolId: door.poolId, Username: `${name}-2`, TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' });
        return signInByPassword(scene.app, door, `${name}-2`, PASSWORD);
      })();
      expect(await finish({ ...right, PASSWORD_CLAIM_SECRET_BLOCK: Session ?? '' })).toBe(sessionInvalid);
      expect(await finish(right)).toBe('ok');
    });

    it('D3: takes each beginning\'s own answer, and no other\'s', async () => {
      const name = await somebody();
      const [first, second] = [await claim(name), await claim(name)];
      const { PASSWORD_CLAIM_SIGNATURE: older = '' } = first;
      expect(await finish({ ...second, PASSWORD_CLAIM_SIGNATURE: older })).toBe(mismatch);
      expect(await finish(first)).toBe('ok');
    });

    it('D3: takes an answer once: a SECRET_BLOCK is used up by its first answer, right or wrong', async () => {
      const name = await somebody();
      const right = await claim(name);
      expect(await finish(right)).toBe('ok');
      expect(await finish(right)).toBe(sessionUsed);
      const guess = await claim(name);
      expect(await finish({ ...guess, PASSWORD_CLAIM_SIGNATURE: 'AAAA' })).toBe(mismatch);
      expect(await finish(guess)).toBe(sessionUsed);
    });

    it('D3: takes no answer of another user, client or pool', async () => {
      const [name, other] = [await somebody(), await somebody()];
      const right = await claim(name);
      expect(await finish({ ...right, USERNAME: other })).toBe(sessionInvalid);
      const [client, pool] = [await newClient(scene.admin, door.poolId), await newClient(scene.admin, await newPool(scene.admin))];
      for (const { clientId } of [client, pool]) expect(await finish(right, clientId)).toBe(sessionInvalid);
      expect(await finish(right)).toBe('ok');
    });

    it.each([
      ['a time six minutes ago', (now: Date) => srpTimestamp(new Date(now.getTime() - 360_000))],
      ['a time in six minutes', (now: Date) => srpTimestamp(new Date(now.getTime() + 360_000))],
      ['an ISO time', (now: Date) => now.toISOString()],
      ['another zone', (now: Date) => srpTimestamp(now).replace('UTC', 'GMT')],
      ['a wrong weekday', (now: Date) => srpTimestamp(now).replace(/^.../, srpTimestamp(new Date(now.getTime() + 86_400_000)).slice(0, 3))],
      ['another language', (now: Date) => `${['So', 'Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa'][now.getUTCDay()]} ${srpTimestamp(now).slice(4)}`],
      ['a day with a leading zero', (now: Date) => srpTimestamp(now).replace(/ (\d{1,2}) /, ' 0$1 ')],
      ['no time', () => 'now'],
    ])('D5: refuses %s as the time of an answer, though it be signed', async (_what, timestamp) => {
      const name = await somebody();
      expect(await finish(await claim(name, PASSWORD, timestamp(new Date())))).toBe(mismatch);
      expect(await finish(await claim(name))).toBe('ok');
    });

    it('D5: refuses another time than the one that was signed, and a signature that is almost right', async () => {
      const name = await somebody();
      expect(await finish({ ...await claim(name), TIMESTAMP: srpTimestamp(new Date(Date.now() - 60_000)) })).toBe(mismatch);
      for (const change of [(text: string) => text.slice(0, -2), (text: string) => `A${text.slice(1)}`, () => '', (text: string) => `${text}A`]) {
        const right = await claim(name);
        const { PASSWORD_CLAIM_SIGNATURE: signature = '' } = right;
        expect(await finish({ ...right, PASSWORD_CLAIM_SIGNATURE: change(signature) })).toMatch(/^(?:NotAuthorizedException: (?:Incorrect username or password\.|Password attempts exceeded)|InvalidParameterException: )/);
      }
    });
  });

  describe('where unknown users are hidden', () => {
    let hiding: Door;
    beforeAll(async () => {
      hiding = await newDoor(scene.admin, { AutoVerifiedAttributes: ['email'] }, { PreventUserExistenceErrors: 'ENABLED' });
      await newUser(scene.admin, hiding.poolId, 'known1', { email: 'known1@example.com' });
      await scene.app.signUp({ ClientId: hiding.clientId, Username: 'fresh1', Password: PASSWORD, UserAttributes: attributes({ email: 'fresh1@example.com' }) });
      await scene.admin.adminCreateUser({ UserPoolId: hiding.poolId, Username: 'nopwd1', MessageAction: 'SUPPRESS' });
    });
    const raw = async (operation: string, body: object) => comparable(await rawCall(scene.rollcall.endpoint, operation, { ClientId: hiding.clientId, ...body }));
    /** Names of one length: what was typed is part of some answers. */
    const names = ['known1', 'fresh1', 'nopwd1', 'nobody', 'noman2'];
    const begin = async (USERNAME: string) => {
      const { SRP_A } = srpBegin();
      const { text } = await rawCall(scene.rollcall.endpoint, 'InitiateAuth', { ClientId: hiding.clientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { USERNAME, SRP_A } });
      return (JSON.parse(text) as { ChallengeParameters: SrpChallenge & { USERNAME: string } }).ChallengeParameters;
    };

    it('K1: InitiateAuth by password answers alike for every name, byte by byte', async () => {
      const answers = await Promise.all(names.map((USERNAME) => raw('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD: 'wrong' } })));
      expect(answers).toEqual(names.map(() => answers[0]));
      expect(answers[0]).toMatchObject({ status: 400, text: expect.stringContaining('Incorrect username or password.') });
    });

    it('K1: InitiateAuth by SRP answers alike for every name: the same members, of the same form and length', async () => {
      for (const name of names) {
        const parameters = await begin(name);
        expect(parameters).toEqual({
          USERNAME: name, USER_ID_FOR_SRP: name, SALT: expect.stringMatching(/^[\da-f]{32}$/), SRP_B: expect.stringMatching(/^[\da-f]{760,768}$/), SECRET_BLOCK: expect.stringMatching(/^[\w+/]+=*$/),
        });
      }
      const lengths = await Promise.all(names.map(async (name) => (await begin(name)).SECRET_BLOCK.length));
      expect(lengths).toEqual(names.map(() => lengths[0]));
      expect(lengths[0]).toBeLessThanOrEqual(2_048);
    });

    it('K1: the length of a SECRET_BLOCK does not tell how long the name is that means somebody', async () => {
      await newUser(scene.admin, hiding.poolId, 'n'.repeat(120));
      const lengths = await Promise.all(['known1', 'n'.repeat(120), 'o'.repeat(120), 'ö'.repeat(120), 'o'].map(async (name) => (await begin(name)).SECRET_BLOCK.length));
      expect(lengths).toEqual(lengths.map(() => lengths[0]));
    });

    it('K1: PASSWORD_VERIFIER answers alike for every name', async () => {
      const answers = await Promise.all(names.map(async (name) => {
        const challenge = await begin(name);
        return raw('RespondToAuthChallenge', {
          ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: srpClaim({ poolId: hiding.poolId, password: 'wrong', begun: srpBegin(), challenge }),
        });
      }));
      expect(answers).toEqual(names.map(() => answers[0]));
      expect(answers[0]).toMatchObject({ status: 400, text: expect.stringContaining('Incorrect username or password.') });
    });

    it('K1: wrong passwords lock every name alike', async () => {
      await newUser(scene.admin, hiding.poolId, 'known3');
      const story = async (name: string) => {
        const told: unknown[] = [];
        for (const n of [1, 2, 3, 4, 5, 6]) told.push(await raw('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: name, PASSWORD: `wrong ${n}` } }));
        return told;
      };
      const known = await story('known3');
      expect(await story('nobod3')).toEqual(known);
      expect(known.at(-1)).toMatchObject({ text: expect.stringContaining('Password attempts exceeded') });
    });

    it('K1: ConfirmSignUp answers alike for who awaits a code and for nobody, as often as it is asked', async () => {
      await scene.app.signUp({ ClientId: hiding.clientId, Username: 'fresh2', Password: PASSWORD, UserAttributes: attributes({ email: 'fresh2@example.com' }) });
      const story = async (Username: string) => {
        const told: unknown[] = [await raw('ResendConfirmationCode', { Username }).then((answer) => (answer as { status: number }).status)];
        for (let n = 0; n < 17; n++) told.push(await raw('ConfirmSignUp', { Username, ConfirmationCode: 'wrong0' }));
        return told;
      };
      const fresh = await story('fresh2');
      expect(await story('nobod2')).toEqual(fresh);
      expect(fresh[1]).toMatchObject({ text: expect.stringContaining('CodeMismatchException') });
      expect(fresh.at(-1)).toMatchObject({ text: expect.stringContaining('LimitExceededException') });
    });

    it('K1: ResendConfirmationCode answers alike for who awaits a code and for nobody: the same members, masked', async () => {
      for (const Username of ['fresh1', 'nobody']) {
        const { status, text } = await raw('ResendConfirmationCode', { Username }) as { status: number; text: string };
        expect([status, JSON.parse(text)]).toEqual([200, { CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: expect.stringMatching(/^[a-z\d]\*\*\*@[a-z\d]\*\*\*$/) } }]);
      }
      const destination = async (Username: string) => (await scene.app.resendConfirmationCode({ ClientId: hiding.clientId, Username })).CodeDeliveryDetails?.Destination;
      expect(await destination('nobody')).toBe(await destination('nobody'));
    });

    it('D4: nobody has a salt and a user id, the same each time, and another B each time, as everybody has', async () => {
      for (const name of ['known1', 'nobody', 'NOBODY']) {
        const [first, second] = [await begin(name), await begin(name)];
        expect([second.SALT, second.USER_ID_FOR_SRP, second.USERNAME]).toEqual([first.SALT, first.USER_ID_FOR_SRP, first.USERNAME]);
        expect(second.SRP_B).not.toBe(first.SRP_B);
        expect(second.SECRET_BLOCK).not.toBe(first.SECRET_BLOCK);
      }
      const [one, another] = [await begin('nobody'), await begin('noman2')];
      expect(one.SALT).not.toBe(another.SALT);
    });

    it('D4: nobody has a sub for a user id where users have one', async () => {
      const named = await newDoor(scene.admin, { UsernameAttributes: ['email'] }, { PreventUserExistenceErrors: 'ENABLED' });
      await newUser(scene.admin, named.poolId, 'known@example.com');
      const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
      for (const name of ['known@example.com', 'nobody@example.com']) {
        const { challenge } = await beginSrp(scene.app, named, name);
        expect(challenge.USER_ID_FOR_SRP).toMatch(uuid);
        expect((await beginSrp(scene.app, named, name)).challenge).toMatchObject({ USER_ID_FOR_SRP: challenge.USER_ID_FOR_SRP, SALT: challenge.SALT });
      }
    });
  });

  it('lets the right one in, after all this', async () => {
    expect(await outcomeOf(signInBySrp(scene.app, door, 'ada', PASSWORD))).toBe('ok');
    expect(await outcomeOf(signInByPassword(scene.app, door, 'bob', PASSWORD))).toBe('ok');
  });
});
