/** Name and text of every refusal that a client can meet over these operations: texts are what clients match and show. */
import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { secretHash } from '../src/clients.js';
import { outcomeOf } from '../src/outcome.js';
import { attributes, newClient, newDoor, newPool, newUser, openScene, PASSWORD, type Scene } from '../src/scene.js';
import { signInByPassword, tokensOf, type Door } from '../src/sign-in.js';

interface Place {
  readonly admin: CognitoIdentityProvider;
  readonly app: CognitoIdentityProvider;
  /** All flows, no secret. */
  readonly open: Door;
  /** SRP alone. */
  readonly narrow: Door;
  readonly secret: Door;
  /** Names unknown users by nothing. */
  readonly hiding: Door;
  /** Of a pool in which only administrators make users, with e-mail aliases. */
  readonly closed: Door;
  /** Of a pool without anybody. */
  readonly elsewhere: Door;
  readonly UserPoolId: string;
  readonly ClientId: string;
}
type Case = readonly [what: string, call: (place: Place) => Promise<unknown>, outcome: string | ((place: Place) => string)];

const NOWHERE = 'us-east-1_nowhere00';
const NO_CLIENT = '0'.repeat(26);
const noPool = `ResourceNotFoundException: User pool ${NOWHERE} does not exist.`;
const noClient = `ResourceNotFoundException: User pool client ${NO_CLIENT} does not exist.`;
const noUser = 'UserNotFoundException: User does not exist.';
const noCombination = 'UserNotFoundException: Username/client id combination not found.';
const mismatch = 'NotAuthorizedException: Incorrect username or password.';
const badToken = 'NotAuthorizedException: Invalid Access Token';
const badSession = 'NotAuthorizedException: Invalid session for the user.';
const badSecret = 'UnauthorizedException: Unable to verify the secret of the client';
const policy = (rule: string) => `InvalidPasswordException: Password did not conform with password policy: ${rule}`;
const invalid = (reason: string) => `InvalidParameterException: ${reason}`;
const constraint = (...broken: readonly string[]) => invalid(`${broken.length} validation error${broken.length > 1 ? 's' : ''} detected: ${broken.join('; ')}`);

describe('refusals', () => {
  let scene: Scene;
  let place: Place;
  beforeAll(async () => {
    scene = await openScene();
    const { admin, app } = scene;
    const open = await newDoor(admin, { AutoVerifiedAttributes: ['email'], Schema: [{ Name: 'level', AttributeDataType: 'Number', Mutable: true, NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' } }] });
    const [narrow, secret, hiding] = await Promise.all([
      newClient(admin, open.poolId, { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] }),
      newClient(admin, open.poolId, { GenerateSecret: true }),
      newClient(admin, open.poolId, { PreventUserExistenceErrors: 'ENABLED' }),
    ]);
    const closed = await newDoor(admin, { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }, AliasAttributes: ['email'], Schema: [{ Name: 'name', Required: true, Mutable: true }] });
    const elsewhere = await newClient(admin, await newPool(admin));
    place = { admin, app, open, narrow, secret, hiding, closed, elsewhere, UserPoolId: open.poolId, ClientId: open.clientId };
    await newUser(admin, open.poolId, 'ada', { email: 'ada@example.com' });
    await app.signUp({ ClientId: open.clientId, Username: 'unconfirmed', Password: PASSWORD, UserAttributes: attributes({ email: 'u@example.com' }) });
    await app.signUp({ ClientId: open.clientId, Username: 'unreachable', Password: PASSWORD });
    await admin.adminCreateUser({ UserPoolId: open.poolId, Username: 'invited', MessageAction: 'SUPPRESS' });
    await newUser(admin, closed.poolId, 'owner', { email: 'owner@example.com', email_verified: 'true', name: 'Owner' });
  });
  afterAll(() => scene.close());

  const signUp = (given: object) => ({ app, ClientId }: Place) => app.signUp({ ClientId, Username: 'new', Password: PASSWORD, ...given });
  const signIn = (given: object, parameters: Record<string, string> = { USERNAME: 'ada', PASSWORD: PASSWORD }) => ({ app, ClientId }: Place) =>
    app.initiateAuth({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: parameters, ...given });
  const respond = (given: object) => ({ app, ClientId }: Place) =>
    app.respondToAuthChallenge({ ClientId, ChallengeName: 'NEW_PASSWORD_REQUIRED', ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD: PASSWORD }, Session: 'x'.repeat(40), ...given });

  const pools: readonly Case[] = [
    ['CreateUserPool without a name', ({ admin }) => admin.createUserPool({ PoolName: undefined }), constraint("Value null at 'poolName' failed to satisfy constraint: Member must not be null")],
    ['CreateUserPool with a short password policy', ({ admin }) => admin.createUserPool({ PoolName: 'p', Policies: { PasswordPolicy: { MinimumLength: 5 } } }),
      constraint("Value '5' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value greater than or equal to 6")],
    ['CreateUserPool with aliases and user name attributes', ({ admin }) => admin.createUserPool({ PoolName: 'p', AliasAttributes: ['email'], UsernameAttributes: ['email'] }),
      invalid('Only one of the aliasAttributes or usernameAttributes can be set in a user pool.')],
    ['CreateUserPool with a required custom attribute', ({ admin }) => admin.createUserPool({ PoolName: 'p', Schema: [{ Name: 'x', AttributeDataType: 'String', Required: true }] }),
      invalid('Required custom attributes are not supported currently.')],
    ['CreateUserPool with MFA', ({ admin }) => admin.createUserPool({ PoolName: 'p', MfaConfiguration: 'ON' }), invalid('Rollcall does not enforce MFA yet: MfaConfiguration must be OFF.')],
    ['CreateUserPool with a trigger', ({ admin }) => admin.createUserPool({ PoolName: 'p', LambdaConfig: { PreSignUp: 'arn:aws:lambda:us-east-1:123456789012:function:f' } }),
      invalid('Rollcall does not run the trigger PreSignUp yet.')],
    ['CreateUserPool with enforced threat protection', ({ admin }) => admin.createUserPool({ PoolName: 'p', UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' } }),
      invalid('Rollcall does not enforce threat protection yet: AdvancedSecurityMode must be OFF or AUDIT.')],
    ['DescribeUserPool of none', ({ admin }) => admin.describeUserPool({ UserPoolId: NOWHERE }), noPool],
    ['DescribeUserPool of no id', ({ admin }) => admin.describeUserPool({ UserPoolId: 'nowhere' }),
      constraint("Value 'nowhere' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+")],
    ['DeleteUserPool of none', ({ admin }) => admin.deleteUserPool({ UserPoolId: NOWHERE }), noPool],
    ['ListUserPools of too many', ({ admin }) => admin.listUserPools({ MaxResults: 61 }), constraint("Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60")],
    ['ListUserPools of none', ({ admin }) => admin.listUserPools({ MaxResults: 0 }), constraint("Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1")],
    ['CreateUserPoolClient in no pool', ({ admin }) => admin.createUserPoolClient({ UserPoolId: NOWHERE, ClientName: 'c' }), noPool],
    ['CreateUserPoolClient with two secrets', ({ admin, UserPoolId }) => admin.createUserPoolClient({ UserPoolId, ClientName: 'c', GenerateSecret: true, ClientSecret: 'x'.repeat(24) }),
      invalid('GenerateSecret and ClientSecret cannot be given together.')],
    ['CreateUserPoolClient with old and new flow names', ({ admin, UserPoolId }) => admin.createUserPoolClient({ UserPoolId, ClientName: 'c', ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] }),
      invalid('ExplicitAuthFlows cannot mix values with and without the ALLOW_ prefix.')],
    ['CreateUserPoolClient that reads what is not there', ({ admin, UserPoolId }) => admin.createUserPoolClient({ UserPoolId, ClientName: 'c', ReadAttributes: ['custom:none'] }),
      invalid('Invalid read attributes specified while creating a client')],
    ['CreateUserPoolClient that writes what nobody may', ({ admin, UserPoolId }) => admin.createUserPoolClient({ UserPoolId, ClientName: 'c', WriteAttributes: ['email_verified'] }),
      invalid('Invalid write attributes specified while creating a client')],
    ['CreateUserPoolClient with tokens of a minute', ({ admin, UserPoolId }) => admin.createUserPoolClient({ UserPoolId, ClientName: 'c', AccessTokenValidity: 1, TokenValidityUnits: { AccessToken: 'minutes' } }),
      invalid('Invalid range for token validity.')],
    ['CreateUserPoolClient with machine and user flows', ({ admin, UserPoolId }) => admin.createUserPoolClient({
      UserPoolId, ClientName: 'c', GenerateSecret: true, AllowedOAuthFlows: ['client_credentials', 'code'], CallbackURLs: ['https://a.example/'],
    }), 'InvalidOAuthFlowException: client_credentials flow can not be selected along with code flow or implicit flow.'],
    ['CreateUserPoolClient with an unknown scope', ({ admin, UserPoolId }) => admin.createUserPoolClient({ UserPoolId, ClientName: 'c', AllowedOAuthScopes: ['x/y'] }), 'ScopeDoesNotExistException: Invalid scope requested: x/y'],
    ['DescribeUserPoolClient of none', ({ admin, UserPoolId }) => admin.describeUserPoolClient({ UserPoolId, ClientId: NO_CLIENT }), noClient],
    ['DescribeUserPoolClient of another pool\'s', ({ admin, UserPoolId, elsewhere }) => admin.describeUserPoolClient({ UserPoolId, ClientId: elsewhere.clientId }),
      ({ elsewhere }) => `ResourceNotFoundException: User pool client ${elsewhere.clientId} does not exist.`],
    ['DeleteUserPoolClient of none', ({ admin, UserPoolId }) => admin.deleteUserPoolClient({ UserPoolId, ClientId: NO_CLIENT }), noClient],
    ['ListUserPoolClients of no pool', ({ admin }) => admin.listUserPoolClients({ UserPoolId: NOWHERE }), noPool],
  ];

  const signUps: readonly Case[] = [
    ['SignUp at no client', signUp({ ClientId: NO_CLIENT }), noClient],
    ['SignUp without the hash', ({ app, secret }) => app.signUp({ ClientId: secret.clientId, Username: 'new', Password: PASSWORD }),
      ({ secret }) => `NotAuthorizedException: Client ${secret.clientId} is configured for secret but secret was not received`],
    ['SignUp with a hash for another name', ({ app, secret }) => app.signUp({ ClientId: secret.clientId, Username: 'new', Password: PASSWORD, SecretHash: secretHash(secret.clientSecret ?? '', 'other', secret.clientId) }),
      ({ secret }) => `NotAuthorizedException: Unable to verify secret hash for client ${secret.clientId}`],
    ['SignUp under a name that is taken', signUp({ Username: 'ada' }), 'UsernameExistsException: User already exists'],
    ['SignUp with a short password', signUp({ Password: 'Ab1!' }), policy('Password not long enough')],
    ['SignUp without upper case', signUp({ Password: 'correct-horse-7' }), policy('Password must have uppercase characters')],
    ['SignUp without lower case', signUp({ Password: 'CORRECT-HORSE-7' }), policy('Password must have lowercase characters')],
    ['SignUp without a digit', signUp({ Password: 'Correct-horse-x' }), policy('Password must have numeric characters')],
    ['SignUp without a symbol', signUp({ Password: 'Correcthorse7' }), policy('Password must have symbol characters')],
    ['SignUp with a space in the password', signUp({ Password: 'Correct horse-7' }),
      constraint("Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\S]+")],
    ['SignUp with a space in the name', signUp({ Username: 'a b' }),
      constraint("Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+")],
    ['SignUp with an unknown attribute', signUp({ UserAttributes: attributes({ 'custom:none': 'x' }) }), invalid('Attributes did not conform to the schema: custom:none: Attribute does not exist in the schema.')],
    ['SignUp with no e-mail address as one', signUp({ UserAttributes: attributes({ email: 'nowhere' }) }), invalid('Invalid email address format.')],
    ['SignUp with no phone number as one', signUp({ UserAttributes: attributes({ phone_number: '0123' }) }), invalid('Invalid phone number format.')],
    ['SignUp with an attribute that the client may not write', signUp({ UserAttributes: attributes({ email_verified: 'true' }) }), 'NotAuthorizedException: A client attempted to write unauthorized attribute'],
    ['SignUp where only administrators make users', ({ app, closed }) => app.signUp({ ClientId: closed.clientId, Username: 'new', Password: PASSWORD }), 'NotAuthorizedException: SignUp is not permitted for this user pool'],
    ['ConfirmSignUp of nobody', ({ app, ClientId }) => app.confirmSignUp({ ClientId, Username: 'nobody', ConfirmationCode: '000000' }), noCombination],
    ['ConfirmSignUp with a wrong code', ({ app, ClientId }) => app.confirmSignUp({ ClientId, Username: 'unconfirmed', ConfirmationCode: 'no-code' }), 'CodeMismatchException: Invalid verification code provided, please try again.'],
    ['ConfirmSignUp of who was sent none', ({ app, ClientId }) => app.confirmSignUp({ ClientId, Username: 'unreachable', ConfirmationCode: '000000' }), 'CodeMismatchException: Invalid verification code provided, please try again.'],
    ['ConfirmSignUp of whom an administrator made', ({ app, ClientId }) => app.confirmSignUp({ ClientId, Username: 'invited', ConfirmationCode: '000000' }), 'NotAuthorizedException: User cannot be confirmed. Current status is FORCE_CHANGE_PASSWORD'],
    ['ConfirmSignUp of who is confirmed', ({ app, ClientId }) => app.confirmSignUp({ ClientId, Username: 'ada', ConfirmationCode: '000000' }), 'NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED'],
    ['ResendConfirmationCode to nobody', ({ app, ClientId }) => app.resendConfirmationCode({ ClientId, Username: 'nobody' }), noCombination],
    ['ResendConfirmationCode to who is confirmed', ({ app, ClientId }) => app.resendConfirmationCode({ ClientId, Username: 'ada' }), invalid('User is already confirmed.')],
    ['ResendConfirmationCode to who cannot be reached', ({ app, ClientId }) => app.resendConfirmationCode({ ClientId, Username: 'unreachable' }), invalid('Cannot resend codes. Auto verification not turned on.')],
  ];

  const administration: readonly Case[] = [
    ['AdminCreateUser in no pool', ({ admin }) => admin.adminCreateUser({ UserPoolId: NOWHERE, Username: 'x' }), noPool],
    ['AdminCreateUser under a name that is taken', ({ admin, UserPoolId }) => admin.adminCreateUser({ UserPoolId, Username: 'ada', MessageAction: 'SUPPRESS' }), 'UsernameExistsException: User account already exists'],
    ['AdminCreateUser with an alias that is taken', ({ admin, closed }) => admin.adminCreateUser({
      UserPoolId: closed.poolId, Username: 'x', MessageAction: 'SUPPRESS', UserAttributes: attributes({ email: 'owner@example.com', email_verified: 'true' }),
    }), 'AliasExistsException: An account with the email already exists.'],
    ['AdminCreateUser with a weak password', ({ admin, UserPoolId }) => admin.adminCreateUser({ UserPoolId, Username: 'x', TemporaryPassword: 'weakweak' }), policy('Password must have uppercase characters')],
    ['AdminCreateUser again of nobody', ({ admin, UserPoolId }) => admin.adminCreateUser({ UserPoolId, Username: 'nobody', MessageAction: 'RESEND' }), noUser],
    ['AdminCreateUser again of who is confirmed', ({ admin, UserPoolId }) => admin.adminCreateUser({ UserPoolId, Username: 'ada', MessageAction: 'RESEND' }),
      'UnsupportedUserStateException: Resend not possible. Status is not FORCE_CHANGE_PASSWORD'],
    ['AdminCreateUser with a sub', ({ admin, UserPoolId }) => admin.adminCreateUser({ UserPoolId, Username: 'x', UserAttributes: attributes({ sub: 'x' }) }), invalid('user.sub: Attribute cannot be updated.')],
    ['AdminCreateUser with a number out of bounds', ({ admin, UserPoolId }) => admin.adminCreateUser({ UserPoolId, Username: 'x', UserAttributes: attributes({ 'custom:level': '10' }) }),
      invalid('Attributes did not conform to the schema: custom:level: The value must be at most 9')],
    ['AdminConfirmSignUp of nobody', ({ admin, UserPoolId }) => admin.adminConfirmSignUp({ UserPoolId, Username: 'nobody' }), noUser],
    ['AdminConfirmSignUp of who is confirmed', ({ admin, UserPoolId }) => admin.adminConfirmSignUp({ UserPoolId, Username: 'ada' }), 'NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED'],
    ['AdminGetUser of nobody', ({ admin, UserPoolId }) => admin.adminGetUser({ UserPoolId, Username: 'nobody' }), noUser],
    ['AdminGetUser in no pool', ({ admin }) => admin.adminGetUser({ UserPoolId: NOWHERE, Username: 'ada' }), noPool],
    ['AdminSetUserPassword of nobody', ({ admin, UserPoolId }) => admin.adminSetUserPassword({ UserPoolId, Username: 'nobody', Password: PASSWORD }), noUser],
    ['AdminSetUserPassword with a weak password', ({ admin, UserPoolId }) => admin.adminSetUserPassword({ UserPoolId, Username: 'ada', Password: 'Weakweak1' }), policy('Password must have symbol characters')],
    ['AdminDeleteUser of nobody', ({ admin, UserPoolId }) => admin.adminDeleteUser({ UserPoolId, Username: 'nobody' }), noUser],
    ['ListUsers of no pool', ({ admin }) => admin.listUsers({ UserPoolId: NOWHERE }), noPool],
    ['ListUsers from a forged place', ({ admin, UserPoolId }) => admin.listUsers({ UserPoolId, PaginationToken: 'forged' }), invalid('Invalid pagination token.')],
  ];

  const signIns: readonly Case[] = [
    ['InitiateAuth at no client', signIn({ ClientId: NO_CLIENT }), noClient],
    ['InitiateAuth of nobody', signIn({}, { USERNAME: 'nobody', PASSWORD }), noUser],
    ['InitiateAuth by sub', async ({ app, admin, ClientId, UserPoolId }) => {
      const sub = (await admin.adminGetUser({ UserPoolId, Username: 'ada' })).UserAttributes?.find(({ Name }) => Name === 'sub')?.Value ?? '';
      return app.initiateAuth({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: sub, PASSWORD } });
    }, noUser],
    ['InitiateAuth of nobody where that is hidden', ({ app, hiding }) => app.initiateAuth({ ClientId: hiding.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'nobody', PASSWORD } }), mismatch],
    ['InitiateAuth with a wrong password', signIn({}, { USERNAME: 'ada', PASSWORD: 'wrong' }), mismatch],
    ['InitiateAuth of who is not confirmed', signIn({}, { USERNAME: 'unconfirmed', PASSWORD: 'wrong' }), 'UserNotConfirmedException: User is not confirmed.'],
    ['InitiateAuth of who is not confirmed, where unknown users are hidden, without proof', ({ app, hiding }) => app.initiateAuth({ ClientId: hiding.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'unconfirmed', PASSWORD: 'wrong' } }), mismatch],
    ['InitiateAuth of who is not confirmed, where unknown users are hidden, with proof', ({ app, hiding }) => app.initiateAuth({ ClientId: hiding.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'unconfirmed', PASSWORD } }), 'UserNotConfirmedException: User is not confirmed.'],
    ['InitiateAuth by a password without one', signIn({}, { USERNAME: 'ada' }), invalid('Missing required parameter PASSWORD')],
    ['InitiateAuth without a name', signIn({}, { PASSWORD }), invalid('Missing required parameter USERNAME')],
    ['InitiateAuth by SRP without A', signIn({ AuthFlow: 'USER_SRP_AUTH' }, { USERNAME: 'ada' }), invalid('Missing required parameter SRP_A')],
    ['InitiateAuth by a token without one', signIn({ AuthFlow: 'REFRESH_TOKEN_AUTH' }, {}), invalid('Missing required parameter REFRESH_TOKEN')],
    ['InitiateAuth by a token that is none', signIn({ AuthFlow: 'REFRESH_TOKEN_AUTH' }, { REFRESH_TOKEN: 'x.y' }), 'NotAuthorizedException: Invalid Refresh Token'],
    ['InitiateAuth by an administrator\'s flow', signIn({ AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' }), invalid('Initiate Auth method not supported.')],
    ['InitiateAuth by password where that is shut', ({ app, narrow }) => app.initiateAuth({ ClientId: narrow.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD } }),
      invalid('USER_PASSWORD_AUTH flow not enabled for this client')],
    ['InitiateAuth by a token where that is shut', ({ app, narrow }) => app.initiateAuth({ ClientId: narrow.clientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: 'x' } }),
      invalid('REFRESH_TOKEN_AUTH flow not enabled for this client')],
    ['InitiateAuth by custom auth where that is shut', signIn({ AuthFlow: 'CUSTOM_AUTH' }), invalid('CUSTOM_AUTH is not enabled for the client.')],
    ['InitiateAuth by choice where that is shut', signIn({ AuthFlow: 'USER_AUTH' }), invalid('USER_AUTH is not enabled for the client.')],
    ['InitiateAuth without the hash', ({ app, secret }) => app.initiateAuth({ ClientId: secret.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD } }),
      ({ secret }) => `NotAuthorizedException: Client ${secret.clientId} is configured with secret but SECRET_HASH was not received`],
    ['InitiateAuth with a wrong hash', ({ app, secret }) => app.initiateAuth({ ClientId: secret.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD, SECRET_HASH: 'x' } }),
      ({ secret }) => `NotAuthorizedException: Unable to verify secret hash for client ${secret.clientId}`],
    ['AdminInitiateAuth by a public flow', ({ admin, UserPoolId, ClientId }) => admin.adminInitiateAuth({ UserPoolId, ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD } }),
      invalid('Initiate Auth method not supported.')],
    ['AdminInitiateAuth where it is shut', ({ admin, UserPoolId, narrow }) => admin.adminInitiateAuth({ UserPoolId, ClientId: narrow.clientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD } }),
      invalid('Auth flow not enabled for this client')],
    ['AdminInitiateAuth at another pool\'s client', ({ admin, UserPoolId, elsewhere }) => admin.adminInitiateAuth({ UserPoolId, ClientId: elsewhere.clientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD } }),
      ({ elsewhere }) => `ResourceNotFoundException: User pool client ${elsewhere.clientId} does not exist.`],
    ['AdminInitiateAuth in no pool', ({ admin, ClientId }) => admin.adminInitiateAuth({ UserPoolId: NOWHERE, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD } }), noPool],
    ['RespondToAuthChallenge at no client', respond({ ClientId: NO_CLIENT }), noClient],
    ['RespondToAuthChallenge with no Session of ours', respond({}), badSession],
    ['RespondToAuthChallenge without a Session', respond({ Session: undefined }), invalid('Missing required parameter Session')],
    ['RespondToAuthChallenge to another challenge', async ({ app, admin, ClientId, UserPoolId }) => {
      await admin.adminCreateUser({ UserPoolId, Username: 'asked', TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' });
      const { Session } = await app.initiateAuth({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'asked', PASSWORD } });
      return app.respondToAuthChallenge({ ClientId, ChallengeName: 'SOFTWARE_TOKEN_MFA', Session, ChallengeResponses: { USERNAME: 'asked', SOFTWARE_TOKEN_MFA_CODE: '000000' } });
    }, badSession],
    ['AdminRespondToAuthChallenge with no Session of ours', ({ admin, UserPoolId, ClientId }) => admin.adminRespondToAuthChallenge({
      UserPoolId, ClientId, ChallengeName: 'NEW_PASSWORD_REQUIRED', ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD: PASSWORD }, Session: 'x'.repeat(40),
    }), badSession],
    ['RespondToAuthChallenge to SRP with a block that is none', respond({
      ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: { USERNAME: 'ada', PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA', PASSWORD_CLAIM_SIGNATURE: 'AAAA', TIMESTAMP: 'Thu Nov 5 03:04:07 UTC 2026' },
    }), badSession],
  ];

  const own: readonly Case[] = [
    ['GetUser with no token of ours', ({ app }) => app.getUser({ AccessToken: 'x.y.z' }), badToken],
    ['GetUser with a token for somebody else\'s issuer', async ({ app, open }) => {
      const { access } = tokensOf(await signInByPassword(app, open, 'ada', PASSWORD));
      const [head = '', body = '', signature = ''] = access.split('.');
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
      return app.getUser({ AccessToken: [head, Buffer.from(JSON.stringify({ ...claims, username: 'root' })).toString('base64url'), signature].join('.') });
    }, badToken],
    ['GlobalSignOut with no token of ours', ({ app }) => app.globalSignOut({ AccessToken: 'x.y.z' }), badToken],
    // RevokeToken lists no ResourceNotFoundException
    ['RevokeToken at no client', ({ app }) => app.revokeToken({ ClientId: NO_CLIENT, Token: 'x' }), invalid(`User pool client ${NO_CLIENT} does not exist.`)],
    ['RevokeToken without the secret', ({ app, secret }) => app.revokeToken({ ClientId: secret.clientId, Token: 'x' }), badSecret],
    ['RevokeToken with a wrong secret', ({ app, secret }) => app.revokeToken({ ClientId: secret.clientId, Token: 'x', ClientSecret: 'wrong+wrong+wrong+wrong+' }), badSecret],
    ['RevokeToken of an access token', async ({ app, open }) => app.revokeToken({ ClientId: open.clientId, Token: tokensOf(await signInByPassword(app, open, 'ada', PASSWORD)).access }),
      'UnsupportedTokenTypeException: Unsupported token type'],
  ];

  it.each([...pools, ...signUps, ...administration, ...signIns, ...own])('%s', async (_what, call, outcome) => {
    expect(await outcomeOf(call(place))).toBe(typeof outcome === 'function' ? outcome(place) : outcome);
  });
});
