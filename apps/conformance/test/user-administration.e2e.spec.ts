import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { attributes, codeIn, newDoor, newUser, openScene, PASSWORD, temporaryPasswordIn, valuesOf, type Scene } from '../src/scene.js';
import { signInByPassword, signInBySrp, tokensOf, type Door } from '../src/sign-in.js';

const NEW_PASSWORD = 'Another-horse-8';

describe('users', () => {
  let scene: Scene;
  beforeAll(async () => { scene = await openScene(); });
  afterAll(() => scene.close());

  describe('made by an administrator', () => {
    let door: Door;
    beforeAll(async () => { door = await newDoor(scene.admin); });
    const create = (Username: string, rest: object = {}) => scene.admin.adminCreateUser({ UserPoolId: door.poolId, Username, ...rest });
    const invited = (name: string, rest: object = {}) => create(name, { UserAttributes: attributes({ email: `${name}@example.com` }), DesiredDeliveryMediums: ['EMAIL'], ...rest });
    const statusOf = async (Username: string) => (await scene.admin.adminGetUser({ UserPoolId: door.poolId, Username })).UserStatus;

    it('get an invitation by mail with a temporary password, and must choose another by SRP', async () => {
      const { User } = await invited('ada');
      expect(User).toMatchObject({ Username: 'ada', UserStatus: 'FORCE_CHANGE_PASSWORD', Enabled: true });
      const mail = await scene.mail.mailTo('ada@example.com');
      expect(mail).toMatchObject({ subject: 'Your temporary password', body: expect.stringContaining('Your username is ada') });
      const step = await signInBySrp(scene.app, door, 'ada', temporaryPasswordIn(mail));
      expect(step).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: expect.any(String) });
      expect(step.Session?.length).toBeLessThanOrEqual(2_048);
      expect(step.ChallengeParameters).toEqual({ USER_ID_FOR_SRP: 'ada', userAttributes: expect.any(String), requiredAttributes: '[]' });
      expect(JSON.parse(step.ChallengeParameters?.['userAttributes'] ?? '')).toEqual({ email: 'ada@example.com' });

      const answer = (NEW_PASSWORD: string) => scene.app.respondToAuthChallenge({
        ClientId: door.clientId, ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: step.Session, ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD },
      });
      await expect(answer('short')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
      tokensOf(await answer(NEW_PASSWORD));
      expect(await statusOf('ada')).toBe('CONFIRMED');
      tokensOf(await signInBySrp(scene.app, door, 'ada', NEW_PASSWORD));
    });

    it('choose their password in a sign-in by password, too, and by an administrator\'s sign-in', async () => {
      await create('bob', { TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' });
      const { Session, ChallengeName } = await signInByPassword(scene.app, door, 'bob', PASSWORD);
      expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
      const given = { ClientId: door.clientId, ChallengeName: 'NEW_PASSWORD_REQUIRED', ChallengeResponses: { USERNAME: 'bob', NEW_PASSWORD } } as const;
      tokensOf(await scene.app.respondToAuthChallenge({ ...given, Session }));
      tokensOf(await signInByPassword(scene.app, door, 'bob', NEW_PASSWORD));

      await create('carl', { TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' });
      const asked = await scene.admin.adminInitiateAuth({
        UserPoolId: door.poolId, ClientId: door.clientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'carl', PASSWORD },
      });
      tokensOf(await scene.admin.adminRespondToAuthChallenge({
        UserPoolId: door.poolId, ...given, ChallengeResponses: { USERNAME: 'carl', NEW_PASSWORD }, Session: asked.Session,
      }));
      tokensOf(await scene.admin.adminInitiateAuth({
        UserPoolId: door.poolId, ClientId: door.clientId, AuthFlow: 'ADMIN_NO_SRP_AUTH', AuthParameters: { USERNAME: 'carl', PASSWORD: NEW_PASSWORD },
      }));
    });

    it('are invited again with another temporary password, which alone serves then', async () => {
      await invited('dora');
      const before = temporaryPasswordIn(await scene.mail.mailTo('dora@example.com'));
      await invited('dora', { MessageAction: 'RESEND' });
      const after = temporaryPasswordIn(await scene.mail.mailTo('dora@example.com', 1));
      expect(after).not.toBe(before);
      await expect(signInByPassword(scene.app, door, 'dora', before)).rejects.toMatchObject({ message: 'Incorrect username or password.' });
      expect((await signInByPassword(scene.app, door, 'dora', after)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    });

    it('have no password where nobody could know it', async () => {
      await create('erik', { MessageAction: 'SUPPRESS' });
      expect(await statusOf('erik')).toBe('FORCE_CHANGE_PASSWORD');
      await expect(signInByPassword(scene.app, door, 'erik', PASSWORD)).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Incorrect username or password.' });
      await expect(signInBySrp(scene.app, door, 'erik', PASSWORD)).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Incorrect username or password.' });
    });

    it('have the password that the administrator sets, lasting or temporary', async () => {
      await create('fay', { MessageAction: 'SUPPRESS' });
      const set = (Password: string, Permanent: boolean) => scene.admin.adminSetUserPassword({ UserPoolId: door.poolId, Username: 'fay', Password, Permanent });
      await set(PASSWORD, true);
      expect(await statusOf('fay')).toBe('CONFIRMED');
      tokensOf(await signInBySrp(scene.app, door, 'fay', PASSWORD));
      await set(NEW_PASSWORD, false);
      expect(await statusOf('fay')).toBe('FORCE_CHANGE_PASSWORD');
      expect((await signInBySrp(scene.app, door, 'fay', NEW_PASSWORD)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    });

    it('are confirmed by an administrator without proof of their address', async () => {
      await scene.app.signUp({ ClientId: door.clientId, Username: 'gina', Password: PASSWORD, UserAttributes: attributes({ email: 'gina@example.com' }) });
      expect(await statusOf('gina')).toBe('UNCONFIRMED');
      await scene.admin.adminConfirmSignUp({ UserPoolId: door.poolId, Username: 'gina' });
      const user = await scene.admin.adminGetUser({ UserPoolId: door.poolId, Username: 'gina' });
      expect(user.UserStatus).toBe('CONFIRMED');
      expect(valuesOf(user.UserAttributes)['email_verified']).not.toBe('true');
      tokensOf(await signInBySrp(scene.app, door, 'gina', PASSWORD));
    });

    it('are found by sub as well as by name', async () => {
      const sub = await newUser(scene.admin, door.poolId, 'hal');
      expect((await scene.admin.adminGetUser({ UserPoolId: door.poolId, Username: sub })).Username).toBe('hal');
    });
  });

  it('of a pool with e-mail addresses as user names are named by their sub and sign in by the address', async () => {
    const door = await newDoor(scene.admin, { UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] });
    const given = { ClientId: door.clientId, Username: 'mail.user@example.com' };
    const { UserSub } = await scene.app.signUp({ ...given, Password: PASSWORD });
    await scene.app.confirmSignUp({ ...given, ConfirmationCode: codeIn(await scene.mail.mailTo('mail.user@example.com')) });
    const { access } = tokensOf(await signInBySrp(scene.app, door, 'mail.user@example.com', PASSWORD));
    const user = await scene.app.getUser({ AccessToken: access });
    expect(user.Username).toBe(UserSub);
    expect(valuesOf(user.UserAttributes)).toEqual({ sub: UserSub, email: 'mail.user@example.com', email_verified: 'true' });
    await expect(scene.app.signUp({ ...given, Password: PASSWORD })).rejects.toMatchObject({ name: 'UsernameExistsException', message: 'An account with the given email already exists.' });
    await expect(scene.app.signUp({ ...given, Username: 'no address', Password: PASSWORD })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('of a pool with aliases sign in by every name they have proved', async () => {
    const door = await newDoor(scene.admin, { AliasAttributes: ['email', 'phone_number', 'preferred_username'], AutoVerifiedAttributes: ['email'] });
    await newUser(scene.admin, door.poolId, 'iris', {
      email: 'iris@example.com', email_verified: 'true', phone_number: '+15550100', phone_number_verified: 'true', preferred_username: 'rainbow',
    });
    for (const name of ['iris', 'iris@example.com', '+15550100', 'rainbow']) {
      const { access } = tokensOf(await signInBySrp(scene.app, door, name, PASSWORD));
      expect((await scene.app.getUser({ AccessToken: access })).Username).toBe('iris');
      tokensOf(await signInByPassword(scene.app, door, name, PASSWORD));
    }
    await newUser(scene.admin, door.poolId, 'jan', { email: 'jan@example.com' });
    await expect(signInBySrp(scene.app, door, 'jan@example.com', PASSWORD)).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  it('take an alias from its holder only where that is asked for', async () => {
    const door = await newDoor(scene.admin, { AliasAttributes: ['email'] });
    const owned = { email: 'same@example.com', email_verified: 'true' };
    await newUser(scene.admin, door.poolId, 'first', owned);
    const second = { UserPoolId: door.poolId, Username: 'second', UserAttributes: attributes(owned), TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' } as const;
    await expect(scene.admin.adminCreateUser(second)).rejects.toMatchObject({ name: 'AliasExistsException', message: 'An account with the email already exists.' });
    expect((await scene.admin.adminGetUser({ UserPoolId: door.poolId, Username: 'same@example.com' })).Username).toBe('first');
  });

  it('of a pool that does not tell cases apart are one in all spellings', async () => {
    const door = await newDoor(scene.admin, { UsernameConfiguration: { CaseSensitive: false } });
    await newUser(scene.admin, door.poolId, 'Kim');
    for (const name of ['Kim', 'kim', 'KIM']) tokensOf(await signInBySrp(scene.app, door, name, PASSWORD));
    await expect(scene.app.signUp({ ClientId: door.clientId, Username: 'kIM', Password: PASSWORD })).rejects.toMatchObject({ name: 'UsernameExistsException', message: 'User already exists' });
    const strict = await newDoor(scene.admin);
    await newUser(scene.admin, strict.poolId, 'Kim');
    await newUser(scene.admin, strict.poolId, 'kim');
    await expect(signInByPassword(scene.app, strict, 'KIM', PASSWORD)).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });

  describe('in lists', () => {
    let door: Door;
    const names = Array.from({ length: 7 }, (_, n) => `user-${n}`);
    beforeAll(async () => {
      door = await newDoor(scene.admin);
      for (const [n, Username] of names.entries()) {
        await scene.admin.adminCreateUser({
          UserPoolId: door.poolId, Username, MessageAction: 'SUPPRESS',
          UserAttributes: attributes({ email: `${Username}@example.com`, name: n < 3 ? 'Ada "the first"' : 'Bob', family_name: `Family ${n}`, phone_number: `+1555010${n}` }),
        });
      }
      await scene.admin.adminSetUserPassword({ UserPoolId: door.poolId, Username: 'user-6', Password: PASSWORD, Permanent: true });
    });
    const list = async (Filter: string) => ((await scene.admin.listUsers({ UserPoolId: door.poolId, Filter })).Users ?? []).map(({ Username }) => Username ?? '').sort();

    it.each([
      ['username = "user-3"', ['user-3']],
      ['username ^= "user-"', names],
      ['username = "User-3"', []],
      ['email = "user-1@example.com"', ['user-1']],
      ['email ^= "user-1"', ['user-1']],
      ['phone_number ^= "+15550102"', ['user-2']],
      ['name = "Ada \\"the first\\""', ['user-0', 'user-1', 'user-2']],
      ['name ^= "B"', ['user-3', 'user-4', 'user-5', 'user-6']],
      ['family_name = "Family 5"', ['user-5']],
      ['cognito:user_status = "CONFIRMED"', ['user-6']],
      ['cognito:user_status = "force_change_password"', names.slice(0, 6)],
      ['status = "Enabled"', names],
      ['status = "Disabled"', []],
      ['', names],
    ])('are those who match %s', async (filter, expected) => {
      expect(await list(filter)).toEqual(expected);
    });

    it('are found by sub', async () => {
      const { UserAttributes } = await scene.admin.adminGetUser({ UserPoolId: door.poolId, Username: 'user-4' });
      expect(await list(`sub = "${valuesOf(UserAttributes)['sub']}"`)).toEqual(['user-4']);
    });

    it.each([
      ['nickname = "x"', 'One or more requested filter attributes are not supported'],
      ['custom:level = "x"', 'One or more requested filter attributes are not supported'],
      ['username = "a" or 1=1', 'Error while parsing filter'],
      ['username == "a"', 'Error while parsing filter'],
      ['username = a', 'Error while parsing filter'],
    ])('are refused for %s', async (filter, message) => {
      await expect(list(filter)).rejects.toMatchObject({ name: 'InvalidParameterException', message });
    });

    it('come page by page, each once, also with a filter', async () => {
      for (const Filter of [undefined, 'username ^= "user-"']) {
        const pages: string[][] = [];
        let PaginationToken: string | undefined;
        do {
          const page = await scene.admin.listUsers({ UserPoolId: door.poolId, Limit: 3, Filter, PaginationToken });
          pages.push((page.Users ?? []).map(({ Username }) => Username ?? ''));
          PaginationToken = page.PaginationToken;
        } while (PaginationToken !== undefined);
        expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
        expect(pages.flat().sort()).toEqual(names);
      }
      const { PaginationToken: ofAll } = await scene.admin.listUsers({ UserPoolId: door.poolId, Limit: 3 });
      await expect(scene.admin.listUsers({ UserPoolId: door.poolId, Limit: 3, Filter: 'name = "Bob"', PaginationToken: ofAll })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    });

    it('show the attributes that are asked for, and who was written a moment ago', async () => {
      await scene.admin.adminCreateUser({ UserPoolId: door.poolId, Username: 'latest', MessageAction: 'SUPPRESS', UserAttributes: attributes({ email: 'l@example.com', name: 'L' }) });
      const { Users } = await scene.admin.listUsers({ UserPoolId: door.poolId, Filter: 'username = "latest"', AttributesToGet: ['email'] });
      expect(Users).toEqual([{
        Username: 'latest', Attributes: [{ Name: 'email', Value: 'l@example.com' }], Enabled: true, UserStatus: 'FORCE_CHANGE_PASSWORD',
        UserCreateDate: expect.any(Date), UserLastModifiedDate: expect.any(Date),
      }]);
      expect((await scene.admin.describeUserPool({ UserPoolId: door.poolId })).UserPool?.EstimatedNumberOfUsers).toBe(8);
      await scene.admin.adminDeleteUser({ UserPoolId: door.poolId, Username: 'latest' });
      expect(await list('username = "latest"')).toEqual([]);
    });
  });
});
