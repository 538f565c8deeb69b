import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { administrator, app, REGION, secretHash } from '../src/clients.js';
import { newDataDir, removeDataDir, startRollcall, type Rollcall } from '../src/rollcall-process.js';
import { attributes, codeIn, PASSWORD, valuesOf } from '../src/scene.js';
import { refresh, signInByPassword, signInBySrp, tokensOf, type Door } from '../src/sign-in.js';
import { smtpSink, type SmtpSink } from '../src/smtp-sink.js';

/** One story from an empty folder on, told in order: each test goes on where the one before ended. */
describe('the AWS SDK for JavaScript', () => {
  let dataDir: string;
  let rollcall: Rollcall;
  let mail: SmtpSink;
  let admin: CognitoIdentityProvider;
  let visitor: CognitoIdentityProvider;

  const start = async (port?: number) => {
    rollcall = await startRollcall({ dataDir, port, settings: { ROLLCALL_SMTP_URL: mail.url, ROLLCALL_MAIL_FROM: 'Rollcall <no-reply@rollcall.example>' } });
    admin = administrator(rollcall);
    visitor = app(rollcall);
  };
  beforeAll(async () => {
    [dataDir, mail] = await Promise.all([newDataDir(), smtpSink()]);
    await start();
  });
  afterAll(async () => {
    await rollcall.stop();
    await mail.close();
    await removeDataDir(dataDir);
  });

  const door: { -readonly [Part in keyof Door]: Door[Part] } = { poolId: '', clientId: '' };
  const closed: { -readonly [Part in keyof Door]: Door[Part] } = { poolId: '', clientId: '' };
  let sub: string | undefined;
  const endpointPort = () => Number(new URL(rollcall.endpoint).port);

  it('makes a pool, a client without a secret and one with', async () => {
    const { UserPool } = await admin.createUserPool({ PoolName: 'first', AutoVerifiedAttributes: ['email'] });
    expect(UserPool?.Id).toMatch(/^us-east-1_[0-9A-Za-z]{9}$/);
    door.poolId = closed.poolId = UserPool?.Id ?? '';
    const { UserPoolClient: open } = await admin.createUserPoolClient({ UserPoolId: door.poolId, ClientName: 'public' });
    expect(open).toMatchObject({ ClientId: expect.stringMatching(/^[a-z0-9]{26}$/), ClientName: 'public', UserPoolId: door.poolId });
    expect(open).not.toHaveProperty('ClientSecret');
    door.clientId = open?.ClientId ?? '';
    const { UserPoolClient: secret } = await admin.createUserPoolClient({
      UserPoolId: door.poolId, ClientName: 'server', GenerateSecret: true, ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    expect(secret?.ClientSecret).toMatch(/^[\w+]{24,64}$/);
    Object.assign(closed, { clientId: secret?.ClientId, clientSecret: secret?.ClientSecret });
  });

  it('signs a user up, who has to confirm first', async () => {
    const answer = await visitor.signUp({ ClientId: door.clientId, Username: 'ada', Password: PASSWORD, UserAttributes: attributes({ email: 'ada@example.com', name: 'Ada' }) });
    expect(answer).toMatchObject({
      UserConfirmed: false, UserSub: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
      CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'a***@e***' },
    });
    sub = answer.UserSub;
    await expect(signInBySrp(visitor, door, 'ada', PASSWORD)).rejects.toMatchObject({ name: 'UserNotConfirmedException', message: 'User is not confirmed.' });
  });

  it('confirms with the code of the latest mail; the one before is void', async () => {
    const first = codeIn(await mail.mailTo('ada@example.com'));
    expect((await visitor.resendConfirmationCode({ ClientId: door.clientId, Username: 'ada' })).CodeDeliveryDetails?.Destination).toBe('a***@e***');
    const second = codeIn(await mail.mailTo('ada@example.com', 1));
    await expect(visitor.confirmSignUp({ ClientId: door.clientId, Username: 'ada', ConfirmationCode: first })).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await visitor.confirmSignUp({ ClientId: door.clientId, Username: 'ada', ConfirmationCode: second });
    const user = await admin.adminGetUser({ UserPoolId: door.poolId, Username: 'ada' });
    expect(user).toMatchObject({ Username: 'ada', UserStatus: 'CONFIRMED', Enabled: true });
    expect(valuesOf(user.UserAttributes)).toEqual({ sub, email: 'ada@example.com', email_verified: 'true', name: 'Ada' });
  });

  it('signs in by SRP, reads the own profile, refreshes and signs out everywhere', async () => {
    const tokens = tokensOf(await signInBySrp(visitor, door, 'ada', PASSWORD));
    const user = await visitor.getUser({ AccessToken: tokens.access });
    expect(user.Username).toBe('ada');
    expect(valuesOf(user.UserAttributes)).toEqual({ sub, email: 'ada@example.com', email_verified: 'true', name: 'Ada' });

    const { AuthenticationResult: renewed } = await refresh(visitor, door, tokens.refresh);
    expect(renewed).toEqual({ AccessToken: expect.any(String), IdToken: expect.any(String), ExpiresIn: 3600, TokenType: 'Bearer' });
    expect((await visitor.getUser({ AccessToken: renewed?.AccessToken })).Username).toBe('ada');

    await visitor.globalSignOut({ AccessToken: tokens.access });
    const revoked = { name: 'NotAuthorizedException', message: 'Access Token has been revoked' };
    await expect(visitor.getUser({ AccessToken: tokens.access })).rejects.toMatchObject(revoked);
    await expect(visitor.getUser({ AccessToken: renewed?.AccessToken })).rejects.toMatchObject(revoked);
    await expect(refresh(visitor, door, tokens.refresh)).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Refresh Token has been revoked' });
  });

  it('does the same for an app whose client has a secret', async () => {
    const { clientId, clientSecret = '' } = closed;
    const hash = secretHash(clientSecret, 'bob', clientId);
    const given = { ClientId: clientId, Username: 'bob' };
    await visitor.signUp({ ...given, SecretHash: hash, Password: PASSWORD, UserAttributes: attributes({ email: 'bob@example.com' }) });
    await visitor.confirmSignUp({ ...given, SecretHash: hash, ConfirmationCode: codeIn(await mail.mailTo('bob@example.com')) });
    tokensOf(await signInBySrp(visitor, closed, 'bob', PASSWORD));
    const tokens = tokensOf(await signInByPassword(visitor, closed, 'bob', PASSWORD));
    const renewal = (username: string) => visitor.initiateAuth({
      ClientId: clientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: tokens.refresh, SECRET_HASH: secretHash(clientSecret, username, clientId) },
    });
    const { UserAttributes } = await visitor.getUser({ AccessToken: tokens.access });
    expect((await renewal('bob')).AuthenticationResult?.AccessToken).toEqual(expect.any(String));
    expect((await renewal(valuesOf(UserAttributes)['sub'] ?? '')).AuthenticationResult?.AccessToken).toEqual(expect.any(String));
    await visitor.revokeToken({ ClientId: clientId, ClientSecret: clientSecret, Token: tokens.refresh });
    await expect(renewal('bob')).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Refresh Token has been revoked' });
    await expect(visitor.getUser({ AccessToken: tokens.access })).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Access Token has been revoked' });
  });

  it('finds everything again after a restart: pool, client, secret, users, passwords, keys, sessions, what was revoked', async () => {
    const alive = tokensOf(await signInBySrp(visitor, door, 'ada', PASSWORD));
    const revoked = tokensOf(await signInBySrp(visitor, door, 'bob', PASSWORD));
    await visitor.revokeToken({ ClientId: door.clientId, Token: revoked.refresh });
    const seen = async () => ({
      pool: (await admin.describeUserPool({ UserPoolId: door.poolId })).UserPool,
      client: (await admin.describeUserPoolClient({ UserPoolId: door.poolId, ClientId: closed.clientId })).UserPoolClient,
      users: (await admin.listUsers({ UserPoolId: door.poolId })).Users,
      keys: await (await fetch(`${rollcall.endpoint}/${door.poolId}/.well-known/jwks.json`)).json() as unknown,
      credentials: rollcall.credentials,
    });
    const before = await seen();
    expect(await rollcall.stop()).toBe(0);
    await start(endpointPort());

    expect(await seen()).toEqual(before);
    expect(before.users).toHaveLength(2);
    expect((await visitor.getUser({ AccessToken: alive.access })).Username).toBe('ada');
    expect((await refresh(visitor, door, alive.refresh)).AuthenticationResult?.AccessToken).toEqual(expect.any(String));
    await expect(refresh(visitor, door, revoked.refresh)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
    await expect(visitor.getUser({ AccessToken: revoked.access })).rejects.toMatchObject({ message: 'Access Token has been revoked' });
    tokensOf(await signInBySrp(visitor, closed, 'bob', PASSWORD));
  });

  it('deletes the user, the clients and the pool, which then are nobody and nowhere', async () => {
    const { access, refresh: token } = tokensOf(await signInBySrp(visitor, door, 'ada', PASSWORD));
    await admin.adminDeleteUser({ UserPoolId: door.poolId, Username: 'ada' });
    await expect(admin.adminGetUser({ UserPoolId: door.poolId, Username: 'ada' })).rejects.toMatchObject({ name: 'UserNotFoundException', message: 'User does not exist.' });
    await expect(signInBySrp(visitor, door, 'ada', PASSWORD)).rejects.toMatchObject({ name: 'UserNotFoundException', message: 'User does not exist.' });
    await expect(visitor.getUser({ AccessToken: access })).rejects.toMatchObject({ name: expect.stringMatching(/^(UserNotFound|NotAuthorized)Exception$/) });
    await expect(refresh(visitor, door, token)).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Invalid Refresh Token' });

    await admin.deleteUserPoolClient({ UserPoolId: door.poolId, ClientId: closed.clientId });
    await expect(signInBySrp(visitor, closed, 'bob', PASSWORD)).rejects.toMatchObject({
      name: 'ResourceNotFoundException', message: `User pool client ${closed.clientId} does not exist.`,
    });
    await admin.deleteUserPool({ UserPoolId: door.poolId });
    const gone = { name: 'ResourceNotFoundException', message: `User pool ${door.poolId} does not exist.` };
    await expect(admin.describeUserPool({ UserPoolId: door.poolId })).rejects.toMatchObject(gone);
    await expect(admin.listUsers({ UserPoolId: door.poolId })).rejects.toMatchObject(gone);
    await expect(signInBySrp(visitor, door, 'bob', PASSWORD)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect((await admin.listUserPools({ MaxResults: 60 })).UserPools).toEqual([]);
    expect((await fetch(`${rollcall.endpoint}/${door.poolId}/.well-known/jwks.json`)).status).toBe(404);
  });

  it('works on credentials from the file that the start names, read as AWS clients read it', async () => {
    const before = process.env['AWS_SHARED_CREDENTIALS_FILE'];
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = `${dataDir}/admin-credentials`;
    try {
      const client = new CognitoIdentityProvider({ endpoint: rollcall.endpoint, region: REGION });
      expect((await client.listUserPools({ MaxResults: 1 })).UserPools).toEqual([]);
    } finally {
      if (before === undefined) delete process.env['AWS_SHARED_CREDENTIALS_FILE'];
      else process.env['AWS_SHARED_CREDENTIALS_FILE'] = before;
    }
  });
});
