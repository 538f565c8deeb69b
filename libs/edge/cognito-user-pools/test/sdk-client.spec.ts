import {
  AdminGetUserCommand, DescribeUserPoolCommand, GetUserCommand, GlobalSignOutCommand, InitiateAuthCommand, ListGroupsCommand, ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@rollcall/kernel';

import { op } from '../src/ports.js';
import { startEdge, type EdgeOptions } from './edge-harness.js';

/** Unmodified clients against the edge over HTTP: what counts is what they make of its answers. */
describe('the AWS SDK for JavaScript', () => {
  const running: (() => Promise<unknown>)[] = [];
  afterEach(async () => { await Promise.all(running.splice(0).map((stop) => stop())); });
  const edge = async (options: EdgeOptions) => {
    const started = await startEdge(options);
    running.push(started.stop);
    return started;
  };

  it('is known by its signature', async () => {
    const callers: unknown[] = [];
    const { client } = await edge({ rows: { ListUserPools: op<'ListUserPools'>('sigv4', async (_, _ports, call) => { callers.push(call.caller, call.signer.region); return { UserPools: [] }; }) } });
    expect((await client({ region: 'eu-west-1' }).send(new ListUserPoolsCommand({ MaxResults: 1 }))).UserPools).toEqual([]);
    expect(callers).toEqual([{ kind: 'administrator', id: 'AKIDHARNESS' }, 'eu-west-1']);
  });

  it('is known by temporary credentials, whose token is part of the signature', async () => {
    const rows = { ListUserPools: op<'ListUserPools'>('sigv4', async () => ({ UserPools: [] })) };
    const { client } = await edge({ rows, sessionToken: 'token/+=' });
    expect((await client().send(new ListUserPoolsCommand({ MaxResults: 1 }))).UserPools).toEqual([]);
  });

  it.each([
    ['an unknown key', { credentials: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'x' } }, 'UnrecognizedClientException'],
    ['a wrong secret', { credentials: { accessKeyId: 'AKIDHARNESS', secretAccessKey: 'x' } }, 'InvalidSignatureException'],
    ["a region that is not the pool's", { region: 'eu-west-1' }, 'ResourceNotFoundException'],
  ])('is refused with %s', async (_what, config, name) => {
    let called = 0;
    const { client } = await edge({ rows: { DescribeUserPool: op<'DescribeUserPool'>('sigv4', async () => { called++; return {}; }) } });
    await expect(client(config).send(new DescribeUserPoolCommand({ UserPoolId: 'us-east-1_Harness00' }))).rejects.toMatchObject({ name });
    expect(called).toBe(0);
  });

  it('corrects its clock by the Date header, and is let in', async () => {
    const { client, rejected } = await edge({ rows: { ListUserPools: op<'ListUserPools'>('sigv4', async () => ({ UserPools: [] })) } });
    const late = client({ systemClockOffset: -3_600_000 });
    expect((await late.send(new ListUserPoolsCommand({ MaxResults: 1 }))).UserPools).toEqual([]);
    expect(Math.abs(late.config.systemClockOffset)).toBeLessThan(60_000);
    expect(rejected).toEqual([['127.0.0.1', 'signature']]);
  });

  it('reads times, lists and the request id', async () => {
    const ids: string[] = [];
    const { client } = await edge({
      rows: {
        AdminGetUser: op<'AdminGetUser'>('sigv4', async ({ Username }, _ports, call) => {
          ids.push(call.correlationId);
          return { Username, UserCreateDate: 1_700_000_000.25, UserStatus: 'CONFIRMED', Enabled: true, UserAttributes: [{ Name: 'sub', Value: 'x' }] };
        }),
      },
    });
    const { $metadata, ...user } = await client().send(new AdminGetUserCommand({ UserPoolId: 'us-east-1_Harness00', Username: 'zoë' }));
    expect(user).toEqual({ Username: 'zoë', UserCreateDate: new Date(1_700_000_000_250), UserStatus: 'CONFIRMED', Enabled: true, UserAttributes: [{ Name: 'sub', Value: 'x' }] });
    expect([$metadata.requestId]).toEqual(ids);
  });

  it('needs no credentials where the API needs none, and uses none', async () => {
    const rows = {
      InitiateAuth: op<'InitiateAuth'>('public', async () => { throw new DomainError('PasswordMismatch'); }),
      GetUser: op<'GetUser'>('token', async (_, _ports, { principal }) => ({ Username: principal.username, UserAttributes: [] })),
      GlobalSignOut: op<'GlobalSignOut'>('token', async () => ({})),
    };
    const { endpoint } = await edge({ rows });
    const { CognitoIdentityProviderClient } = await import('@aws-sdk/client-cognito-identity-provider');
    const client = new CognitoIdentityProviderClient({ endpoint, region: 'us-east-1' });
    await expect(client.send(new InitiateAuthCommand({ ClientId: 'client', AuthFlow: 'USER_PASSWORD_AUTH' })))
      .rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Incorrect username or password.', $metadata: { httpStatusCode: 400 } });
    expect((await client.send(new GetUserCommand({ AccessToken: 'good-token' }))).Username).toBe('ada');
    await expect(client.send(new GlobalSignOutCommand({ AccessToken: 'bad-token' }))).rejects.toMatchObject({ name: 'NotAuthorizedException', message: 'Invalid Access Token' });
  });

  it('repeats a request under one request key, so that a retry can get the first answer', async () => {
    const keys: unknown[] = [];
    const { client } = await edge({
      rows: { InitiateAuth: op<'InitiateAuth'>('public', async (_, _ports, call) => { if (keys.push(call.requestKey) < 2) throw new DomainError('TooManyRequests'); return {}; }) },
    });
    const sdk = client();
    await sdk.send(new InitiateAuthCommand({ ClientId: 'client', AuthFlow: 'USER_PASSWORD_AUTH' }));
    await sdk.send(new InitiateAuthCommand({ ClientId: 'client', AuthFlow: 'USER_PASSWORD_AUTH' }));
    expect(keys).toEqual([expect.stringMatching(/^[\da-f]{64}$/), keys[0], expect.stringMatching(/^[\da-f]{64}$/)]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('is told what is not offered, once', async () => {
    const { client, rejected } = await edge({});
    await expect(client().send(new ListGroupsCommand({ UserPoolId: 'us-east-1_Harness00' }))).rejects.toMatchObject({
      name: 'OperationNotEnabledException', message: 'Rollcall does not offer ListGroups yet.', $metadata: { httpStatusCode: 400, attempts: 1 },
    });
    expect(rejected).toEqual([['127.0.0.1', 'operation']]);
  });

  it('is told which constraints an input breaks', async () => {
    const { client } = await edge({});
    await expect(client().send(new AdminGetUserCommand({ UserPoolId: 'nowhere', Username: '' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: "3 validation errors detected: Value 'nowhere' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+; "
        + "Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1; "
        + "Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
    });
  });
});
