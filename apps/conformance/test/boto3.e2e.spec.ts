import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { boto3, boto3Client, type Boto3Client } from '../src/boto3.js';
import { secretHash } from '../src/clients.js';
import { codeIn, openScene, PASSWORD, temporaryPasswordIn, type Scene } from '../src/scene.js';
import { srpBegin, srpClaim, type SrpChallenge } from '../src/srp.js';

const found = await boto3();
const python = 'python' in found ? found.python : '';
const described = 'python' in found ? describe : describe.skip;

described('missing' in found ? `boto3 (skipped: ${found.missing})` : 'boto3', () => {
  let scene: Scene;
  let client: Boto3Client;
  let [UserPoolId, ClientId, secret] = ['', '', ''];
  beforeAll(async () => {
    scene = await openScene();
    client = boto3Client(python, scene.rollcall);
  });
  afterAll(async () => {
    client.close();
    await scene.close();
  });

  it('makes a pool and a client, and reads times as times', async () => {
    const { UserPool } = await client.signed('create_user_pool', { PoolName: 'python', AutoVerifiedAttributes: ['email'] }) as { UserPool: Record<string, unknown> };
    expect(UserPool).toMatchObject({ Name: 'python', CreationDate: { datetime: expect.any(Number) }, AutoVerifiedAttributes: ['email'] });
    UserPoolId = UserPool['Id'] as string;
    const { UserPoolClient } = await client.signed('create_user_pool_client', {
      UserPoolId, ClientName: 'app', GenerateSecret: true, ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }) as { UserPoolClient: Record<string, string> };
    [ClientId, secret] = [UserPoolClient['ClientId'] ?? '', UserPoolClient['ClientSecret'] ?? ''];
    expect(await client.signed('describe_user_pool_client', { UserPoolId, ClientId })).toMatchObject({ UserPoolClient });
  });

  it('signs up, confirms, signs in by SRP, reads the profile, refreshes, signs out everywhere', async () => {
    const hash = secretHash(secret, 'ada', ClientId);
    const named = { ClientId, Username: 'ada', SecretHash: hash };
    expect(await client.unsigned('sign_up', { ...named, Password: PASSWORD, UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }] })).toMatchObject({ UserConfirmed: false });
    await client.unsigned('confirm_sign_up', { ...named, ConfirmationCode: codeIn(await scene.mail.mailTo('ada@example.com')) });

    const begun = srpBegin();
    const first = await client.unsigned('initiate_auth', { ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { USERNAME: 'ada', SRP_A: begun.SRP_A, SECRET_HASH: hash } });
    expect(first).toMatchObject({ ChallengeName: 'PASSWORD_VERIFIER' });
    const claim = srpClaim({ poolId: UserPoolId, password: PASSWORD, begun, challenge: first['ChallengeParameters'] as SrpChallenge });
    const { AuthenticationResult: tokens } = await client.unsigned('respond_to_auth_challenge', {
      ClientId, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: { ...claim, SECRET_HASH: hash },
    }) as { AuthenticationResult: Record<string, string> };
    expect(await client.unsigned('get_user', { AccessToken: tokens['AccessToken'] })).toMatchObject({ Username: 'ada' });

    const renewal = { ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: tokens['RefreshToken'], SECRET_HASH: hash } };
    expect(await client.unsigned('initiate_auth', renewal)).toMatchObject({ AuthenticationResult: { AccessToken: expect.any(String), TokenType: 'Bearer' } });
    await client.unsigned('global_sign_out', { AccessToken: tokens['AccessToken'] });
    await expect(client.unsigned('get_user', { AccessToken: tokens['AccessToken'] })).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Access Token has been revoked' });
    await expect(client.unsigned('initiate_auth', renewal)).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Refresh Token has been revoked' });
  });

  it('invites a user, who chooses an own password', async () => {
    const UserAttributes = [{ Name: 'email', Value: 'bob@example.com' }, { Name: 'email_verified', Value: 'true' }];
    await client.signed('admin_create_user', { UserPoolId, Username: 'bob', UserAttributes, DesiredDeliveryMediums: ['EMAIL'] });
    const hash = secretHash(secret, 'bob', ClientId);
    const challenge = await client.signed('admin_initiate_auth', {
      UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'bob', PASSWORD: temporaryPasswordIn(await scene.mail.mailTo('bob@example.com')), SECRET_HASH: hash },
    });
    expect(challenge).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: expect.any(String) });
    const answer = { UserPoolId, ClientId, ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: challenge['Session'], ChallengeResponses: { USERNAME: 'bob', NEW_PASSWORD: PASSWORD, SECRET_HASH: hash } };
    expect(await client.signed('admin_respond_to_auth_challenge', answer)).toMatchObject({ AuthenticationResult: { AccessToken: expect.any(String) } });
    expect(await client.signed('admin_get_user', { UserPoolId, Username: 'bob' })).toMatchObject({ UserStatus: 'CONFIRMED', UserCreateDate: { datetime: expect.any(Number) } });
  });

  it('lists, and is refused in the words of the API', async () => {
    const { Users } = await client.signed('list_users', { UserPoolId, Filter: 'username ^= "b"' }) as { Users: { Username: string }[] };
    expect(Users.map(({ Username }) => Username)).toEqual(['bob']);
    await expect(client.signed('admin_get_user', { UserPoolId, Username: 'nobody' })).rejects.toMatchObject({ name: 'UserNotFoundException', message: 'User does not exist.' });
    await expect(client.signed('list_groups', { UserPoolId })).rejects.toMatchObject({ name: 'OperationNotEnabledException', message: 'Rollcall does not offer ListGroups yet.' });
    await client.signed('delete_user_pool', { UserPoolId });
    await expect(client.signed('describe_user_pool', { UserPoolId })).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: `User pool ${UserPoolId} does not exist.` });
  });
});
