import { beforeAll, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';

import { registerPoolDocuments } from '../src/pool-documents.js';
import { call, poolId, signingPools, type SigningPools } from './signing-pool.js';

let pools: SigningPools;
let app: FastifyInstance;
const asked: string[] = [];
beforeAll(async () => {
  pools = await signingPools();
  app = fastify();
  registerPoolDocuments(app, {
    token: pools.token,
    issuer: (pool) => `https://cognito-idp.us-east-1.amazonaws.com/${pool}`,
    poolUrl: (pool) => `https://id.example.com/${pool}`,
    callFor: (operation, source) => {
      asked.push(operation);
      return { ...call(), operation, source };
    },
  });
});

const get = (path: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url: path, headers });

describe('the key set of a pool', () => {
  const path = `/${poolId}/.well-known/jwks.json`;

  it('is public, may be kept for ten minutes, and is readable from every origin', async () => {
    const { statusCode, headers, json } = await get(path);
    expect(statusCode).toBe(200);
    expect(json()).toEqual({ keys: [pools.mine.publicJwk] });
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=600', 'access-control-allow-origin': '*' });
    expect(asked.at(-1)).toBe('GetPublicKeys');
  });

  it('is not sent again to who has it', async () => {
    const { etag } = (await get(path)).headers;
    for (const known of [String(etag), `W/${etag}`, `"other", ${etag}`]) {
      const { statusCode, body, headers } = await get(path, { 'if-none-match': known });
      expect([statusCode, body, headers.etag]).toEqual([304, '', etag]);
    }
    expect((await get(path, { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });
});

describe('the configuration of a pool', () => {
  it('names the issuer of its tokens and where the keys are served, and no endpoint that is not there', async () => {
    const { statusCode, headers, json } = await get(`/${poolId}/.well-known/openid-configuration`);
    expect(statusCode).toBe(200);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(json()).toEqual({
      issuer: `https://cognito-idp.us-east-1.amazonaws.com/${poolId}`,
      jwks_uri: `https://id.example.com/${poolId}/.well-known/jwks.json`,
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['aws.cognito.signin.user.admin'],
    });
  });
});

describe('a pool that is not there', () => {
  it.each(['jwks.json', 'openid-configuration'])('has no %s, and every origin may know', async (document) => {
    const { statusCode, headers, json } = await get(`/us-east-1_nobody000/.well-known/${document}`);
    expect([statusCode, json()]).toEqual([404, { message: 'User pool us-east-1_nobody000 does not exist.' }]);
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*' });
    expect(headers['cache-control']).toBeUndefined();
  });

  it('is not even looked for under a name that no pool can have', async () => {
    const before = pools.fetched();
    for (const name of ['nobody', 'a_b%20c', '..%2F..', '%3Cscript%3E_1', 'x'.repeat(90)]) expect((await get(`/${name}/.well-known/jwks.json`)).statusCode).toBe(404);
    expect(pools.fetched()).toBe(before);
  });

  it('is not what a fault of ours looks like', async () => {
    const broken = fastify();
    registerPoolDocuments(broken, { token: { publicKeys: () => Promise.reject(new Error('connection lost')) }, issuer: String, poolUrl: String, callFor: call });
    expect((await broken.inject({ method: 'GET', url: `/${poolId}/.well-known/jwks.json` })).statusCode).toBe(500);
  });
});
