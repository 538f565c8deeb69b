/**
 * Who is let in at the front door. Left for later, as they do not exist yet: service keys and temporary credentials (J7),
 * other servers than the one front door (J6).
 */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { administrator, app } from '../src/clients.js';
import { comparable, rawCall, rawPost, type RawAnswer } from '../src/raw-call.js';
import { attributes, newDoor, newPool, newUser, openScene, PASSWORD, valuesOf, type Scene } from '../src/scene.js';
import { send, signedRequest } from '../src/signed-request.js';
import { signInByPassword, type Door } from '../src/sign-in.js';

const typeOf = ({ status, text }: RawAnswer): unknown => [status, (JSON.parse(text) as { __type: string }).__type];

describe('the front door', () => {
  let scene: Scene;
  beforeAll(async () => { scene = await openScene(); });
  afterAll(() => scene.close());
  const poolCount = async () => (await scene.admin.listUserPools({ MaxResults: 60 })).UserPools?.length;

  describe('of an installation as it comes', () => {
    it('J6: listens on loopback alone', async () => {
      const { hostname, port } = new URL(scene.rollcall.endpoint);
      expect(hostname).toBe('127.0.0.1');
      const refused = (host: string) => new Promise<string>((resolve) => {
        const socket = connect({ host, port: Number(port) }, () => {
          socket.destroy();
          resolve('connected');
        });
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      });
      expect(await refused('127.0.0.1')).toBe('connected');
      const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address);
      expect(await Promise.all(others.map(refused))).toEqual(others.map(() => 'ECONNREFUSED'));
    });

    it('J6: asks for a signature where the API asks for one', async () => {
      for (const operation of ['CreateUserPool', 'ListUserPools', 'AdminGetUser', 'AdminInitiateAuth', 'ListUsers', 'DescribeUserPoolClient']) {
        const answer = await rawCall(scene.rollcall.endpoint, operation, { PoolName: 'x', MaxResults: 1, UserPoolId: 'us-east-1_nowhere00', Username: 'x', ClientId: 'x', AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' });
        expect(typeOf(answer)).toEqual([403, 'MissingAuthenticationTokenException']);
        expect(JSON.parse(answer.text)).toMatchObject({ message: 'Missing Authentication Token' });
      }
    });

    it('J6: knows no credentials but its own', async () => {
      const { accessKeyId, secretAccessKey } = scene.rollcall.credentials;
      expect(secretAccessKey.length).toBeGreaterThanOrEqual(40);
      for (const credentials of [
        { accessKeyId: 'test', secretAccessKey: 'test' }, { accessKeyId: 'local', secretAccessKey: 'local' }, { accessKeyId: 'admin', secretAccessKey: 'admin' },
        { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
      ]) {
        await expect(administrator({ ...scene.rollcall, credentials }).listUserPools({ MaxResults: 1 })).rejects.toMatchObject({
          name: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.', $metadata: { httpStatusCode: 403 },
        });
      }
      const wrong = administrator({ ...scene.rollcall, credentials: { accessKeyId, secretAccessKey: `${secretAccessKey}x` } });
      await expect(wrong.listUserPools({ MaxResults: 1 })).rejects.toMatchObject({ name: 'InvalidSignatureException', $metadata: { httpStatusCode: 403 } });
    });
  });

  describe('for signed requests', () => {
    let poolId: string;
    beforeAll(async () => { poolId = await newPool(scene.admin); });
    const describing = (config: Parameters<typeof administrator>[1] = {}, credentials = scene.rollcall.credentials) =>
      administrator({ ...scene.rollcall, credentials }, { maxAttempts: 1, ...config }).describeUserPool({ UserPoolId: poolId });

    it('J7: does not know a pool of another region', async () => {
      await expect(describing({ region: 'eu-west-1' })).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: `User pool ${poolId} does not exist.` });
      expect((await describing()).UserPool?.Id).toBe(poolId);
    });

    it.each([-900, 900])('J7: refuses a signature of %i seconds from now, with a Date by which clients correct their clock', async (seconds) => {
      const request = await signedRequest(administrator(scene.rollcall, { systemClockOffset: seconds * 1_000 }), (client) => client.describeUserPool({ UserPoolId: poolId }));
      const answer = await send(scene.rollcall.endpoint, request);
      expect(typeOf(answer)).toEqual([403, 'InvalidSignatureException']);
      expect((JSON.parse(answer.text) as { message: string }).message).toMatch(seconds < 0 ? /^Signature expired: / : /^Signature not yet current: /);
      expect(Math.abs(Date.parse(answer.headers.get('date') ?? '') - Date.now())).toBeLessThan(60_000);

      jest.useFakeTimers({ now: Date.now() + seconds * 1_000, doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'nextTick', 'queueMicrotask', 'performance', 'hrtime'] });
      try {
        expect((await describing({ maxAttempts: 3 })).UserPool?.Id).toBe(poolId);
      } finally {
        jest.useRealTimers();
      }
    });

    it('J7: refuses what was changed after it was signed', async () => {
      const request = await signedRequest(administrator(scene.rollcall), (client) => client.createUserPool({ PoolName: 'signed' }));
      const before = await poolCount();
      const changed = [
        { ...request, body: request.body.replace('signed', 'forged') },
        { ...request, headers: { ...request.headers, 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools' } },
        { ...request, headers: { ...request.headers, 'amz-sdk-invocation-id': '00000000-0000-4000-8000-000000000000' } },
        { ...request, headers: { ...request.headers, authorization: request.headers['authorization']?.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) ?? '' } },
        { ...request, headers: { ...request.headers, authorization: request.headers['authorization']?.replace('us-east-1', 'eu-west-1') ?? '' } },
      ];
      for (const each of changed) expect(typeOf(await send(scene.rollcall.endpoint, each))).toEqual([403, 'InvalidSignatureException']);
      expect(await poolCount()).toBe(before);
    });

    it('J7: refuses a signature for another service', async () => {
      const request = await signedRequest(administrator(scene.rollcall), (client) => client.listUserPools({ MaxResults: 1 }));
      const other = { ...request, headers: { ...request.headers, authorization: request.headers['authorization']?.replace('/cognito-idp/', '/cognito-identity/') ?? '' } };
      expect(typeOf(await send(scene.rollcall.endpoint, other))).toEqual([403, 'InvalidSignatureException']);
    });

    it('J7: refuses another account\'s key, though it be well signed', async () => {
      await expect(describing({}, { accessKeyId: 'AKIAOTHERACCOUNT0000', secretAccessKey: scene.rollcall.credentials.secretAccessKey })).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    });

    it('J7: changes nothing for a request that is sent again: it gets the first answer', async () => {
      const request = await signedRequest(administrator(scene.rollcall), (client) => client.createUserPool({ PoolName: 'once' }));
      const before = await poolCount() ?? 0;
      const first = await send(scene.rollcall.endpoint, request);
      expect(first.status).toBe(200);
      expect(comparable(await send(scene.rollcall.endpoint, request))).toEqual(comparable(first));
      const together = await Promise.all(Array.from({ length: 5 }, () => send(scene.rollcall.endpoint, request)));
      expect(together.map(comparable)).toEqual(together.map(() => comparable(first)));
      expect(await poolCount()).toBe(before + 1);

      const { UserPool } = JSON.parse(first.text) as { UserPool: { Id: string } };
      const again = await signedRequest(administrator(scene.rollcall), (client) => client.adminCreateUser({ UserPoolId: UserPool.Id, Username: 'once', TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' }));
      const users = [await send(scene.rollcall.endpoint, again), await send(scene.rollcall.endpoint, again)];
      expect(users.map(({ status }) => status)).toEqual([200, 200]);
      expect(users[1]?.text).toBe(users[0]?.text);
      expect((await scene.admin.listUsers({ UserPoolId: UserPool.Id })).Users).toHaveLength(1);
    });
  });

  it('serves only the regions that the settings name', async () => {
    const bounded = await openScene({ ROLLCALL_REGIONS: 'us-east-1,eu-central-1' });
    try {
      const elsewhere = administrator(bounded.rollcall, { region: 'eu-west-1', maxAttempts: 1 });
      await expect(elsewhere.createUserPool({ PoolName: 'p' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      expect((await administrator(bounded.rollcall, { region: 'eu-central-1' }).createUserPool({ PoolName: 'p' })).UserPool?.Id).toMatch(/^eu-central-1_/);
    } finally {
      await bounded.close();
    }
  });

  describe('for hostile input', () => {
    let door: Door;
    beforeAll(async () => {
      door = await newDoor(scene.admin, { Schema: [{ Name: 'level', AttributeDataType: 'Number', Mutable: true }] });
      await newUser(scene.admin, door.poolId, 'ada');
    });
    const innocent = () => signInByPassword(scene.app, door, 'ada', PASSWORD);

    it.each(['__proto__', 'constructor', 'prototype', 'toString', 'custom:__proto__'])('I8: knows no attribute %s', async (name) => {
      await expect(scene.app.signUp({ ClientId: door.clientId, Username: `with-${name}`, Password: PASSWORD, UserAttributes: [{ Name: name, Value: 'x' }] })).rejects.toMatchObject({
        name: 'InvalidParameterException', message: `Attributes did not conform to the schema: ${name}: Attribute does not exist in the schema.`,
      });
      await expect(scene.admin.adminCreateUser({ UserPoolId: door.poolId, Username: `with-${name}`, UserAttributes: [{ Name: name, Value: 'x' }] })).rejects.toMatchObject({ name: 'InvalidParameterException' });
      await expect(scene.admin.adminGetUser({ UserPoolId: door.poolId, Username: `with-${name}` })).rejects.toMatchObject({ name: 'UserNotFoundException' });
    });

    it('I8: takes nothing over from members that every object has', async () => {
      const parameters = '"USERNAME":"ada","PASSWORD":"wrong"';
      const raw = (body: string) => rawCall(scene.rollcall.endpoint, 'InitiateAuth', body);
      const polluting = [
        `{"ClientId":"${door.clientId}","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{${parameters}},"__proto__":{"AuthFlow":"ADMIN_USER_PASSWORD_AUTH"}}`,
        `{"ClientId":"${door.clientId}","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{${parameters},"__proto__":{"PASSWORD":"${PASSWORD}"}}}`,
        `{"ClientId":"${door.clientId}","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"ada","__proto__":"PASSWORD"}}`,
        `{"ClientId":"${door.clientId}","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{${parameters}},"ClientMetadata":{"__proto__":"x","constructor":"y"}}`,
      ];
      for (const body of polluting) expect((await raw(body)).status).toBe(400);
      expect((await innocent()).AuthenticationResult?.AccessToken).toEqual(expect.any(String));
      for (const AuthFlow of ['__proto__', 'constructor', 'toString']) {
        expect(typeOf(await raw(JSON.stringify({ ClientId: door.clientId, AuthFlow, AuthParameters: {} })))).toEqual([400, 'InvalidParameterException']);
      }
      for (const operation of ['__proto__', 'constructor', 'toString']) {
        expect(typeOf(await rawCall(scene.rollcall.endpoint, operation, {}))).toEqual([400, 'UnknownOperationException']);
      }
    });

    it('I8: keeps names that every object has as a user\'s name, and as nothing else', async () => {
      for (const name of ['__proto__', 'constructor', 'hasOwnProperty']) {
        await newUser(scene.admin, door.poolId, name);
        expect((await scene.admin.adminGetUser({ UserPoolId: door.poolId, Username: name })).Username).toBe(name);
        expect((await signInByPassword(scene.app, door, name, PASSWORD)).AuthenticationResult).toBeDefined();
      }
      await expect(signInByPassword(scene.app, door, 'toString', PASSWORD)).rejects.toMatchObject({ name: 'UserNotFoundException' });
    });

    it.each([
      ['email_verified', 'true'], ['phone_number_verified', 'true'], ['sub', '00000000-0000-4000-8000-000000000000'], ['identities', '[]'],
    ])('J10: lets nobody say the own %s at sign-up', async (Name, Value) => {
      const Username = `says-${Name}`;
      await expect(scene.app.signUp({ ClientId: door.clientId, Username, Password: PASSWORD, UserAttributes: [{ Name: 'email', Value: 'x@example.com' }, { Name, Value }] })).rejects.toMatchObject({
        name: 'NotAuthorizedException', message: 'A client attempted to write unauthorized attribute',
      });
      await expect(scene.admin.adminGetUser({ UserPoolId: door.poolId, Username })).rejects.toMatchObject({ name: 'UserNotFoundException' });
    });

    it.each([['email_verified', 'true'], ['sub', 'x'], ['identities', '[]'], ['custom:level', '9']])('J10: lets nobody say the own %s with a first password', async (name, value) => {
      const Username = `first-${name}`;
      await scene.admin.adminCreateUser({ UserPoolId: door.poolId, Username, TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS', UserAttributes: attributes({ email: 'x@example.com' }) });
      const { Session } = await signInByPassword(scene.app, door, Username, PASSWORD);
      const answer = (more: Record<string, string>) => scene.app.respondToAuthChallenge({
        ClientId: door.clientId, ChallengeName: 'NEW_PASSWORD_REQUIRED', Session, ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: 'Another-horse-8', ...more },
      });
      await expect(answer({ [`userAttributes.${name}`]: value })).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'A client attempted to write unauthorized attribute' });
      const user = await scene.admin.adminGetUser({ UserPoolId: door.poolId, Username });
      expect(user.UserStatus).toBe('FORCE_CHANGE_PASSWORD');
      expect(valuesOf(user.UserAttributes)).toEqual({ email: 'x@example.com', sub: expect.any(String) });
    });

    it('J10: lets a client write only what it may', async () => {
      const { UserPoolClient } = await scene.admin.createUserPoolClient({ UserPoolId: door.poolId, ClientName: 'narrow', WriteAttributes: ['name'] });
      const narrow = { ClientId: UserPoolClient?.ClientId, Password: PASSWORD };
      await expect(scene.app.signUp({ ...narrow, Username: 'narrow', UserAttributes: attributes({ name: 'N', email: 'n@example.com' }) })).rejects.toMatchObject({ name: 'NotAuthorizedException' });
      await scene.app.signUp({ ...narrow, Username: 'narrow', UserAttributes: attributes({ name: 'N' }) });
      for (const attribute of ['email_verified', 'sub', 'identities']) {
        await expect(scene.admin.createUserPoolClient({ UserPoolId: door.poolId, ClientName: 'wide', WriteAttributes: [attribute] })).rejects.toMatchObject({ name: 'InvalidParameterException' });
      }
    });

    it('J10: ignores members that an operation does not have', async () => {
      const body = { ClientId: door.clientId, Username: 'mass', Password: PASSWORD, UserStatus: 'CONFIRMED', Enabled: true, UserConfirmed: true, Groups: ['admin'], confirmed: true };
      expect(JSON.parse((await rawCall(scene.rollcall.endpoint, 'SignUp', body)).text)).toMatchObject({ UserConfirmed: false });
      expect((await scene.admin.adminGetUser({ UserPoolId: door.poolId, Username: 'mass' })).UserStatus).toBe('UNCONFIRMED');
    });
  });

  it('answers every known operation without a row alike, and knows no other', async () => {
    const refused = { name: 'OperationNotEnabledException', message: 'Rollcall does not offer CreateGroup yet.', $metadata: { httpStatusCode: 400, attempts: 1 } };
    await expect(administrator(scene.rollcall).createGroup({ UserPoolId: 'us-east-1_nowhere00', GroupName: 'g' })).rejects.toMatchObject(refused);
    await expect(app(scene.rollcall).forgotPassword({ ClientId: 'x', Username: 'x' })).rejects.toMatchObject({ name: 'OperationNotEnabledException', message: 'Rollcall does not offer ForgotPassword yet.' });
    for (const target of ['AWSCognitoIdentityProviderService.Nothing', 'AWSCognitoIdentityProviderService', 'Other.ListUserPools', '']) {
      const answer = await rawPost(scene.rollcall.endpoint, '{}', { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target });
      expect(typeOf(answer)).toEqual([400, 'UnknownOperationException']);
      expect(answer.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
    }
    expect(typeOf(await rawCall(scene.rollcall.endpoint, 'InitiateAuth', '{"ClientId":'))).toEqual([400, 'SerializationException']);
  });
});
