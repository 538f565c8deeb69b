import { describe, expect, it } from '@jest/globals';
import { epochSeconds } from '@rollcall/kernel';

import { accessTokenClaims, idTokenClaims, type TokenFacts } from '../src/domain/token-claims.js';

const facts: TokenFacts = {
  issuer: 'https://id.example.com/us-east-1_Abc123xyz',
  clientId: 'app0client',
  sub: '5a1f0c9e-7a55-4b0e-9a53-0d6f1a2b3c4d',
  username: 'ada',
  attributes: [
    { name: 'email', value: 'ada@example.com' },
    { name: 'email_verified', value: 'true' },
    { name: 'phone_number', value: '+15550100' },
    { name: 'phone_number_verified', value: 'false' },
    { name: 'custom:level', value: '3' },
    { name: 'custom:beta', value: 'true' },
  ],
  groups: ['admins', 'staff'],
  scopes: ['aws.cognito.signin.user.admin'],
  amr: ['pwd'],
  authTime: epochSeconds(1_700_000_000),
  issuedAt: epochSeconds(1_700_000_100),
  idTokenSeconds: 300,
  accessTokenSeconds: 3_600,
  family: 'f0000000-0000-4000-8000-000000000000',
  ids: { eventId: 'e0000000-0000-4000-8000-000000000000', idJti: 'a0000000-0000-4000-8000-000000000000', accessJti: 'b0000000-0000-4000-8000-000000000000' },
  deviceKey: 'us-east-1_d0000000',
};

describe('an ID token', () => {
  it('says who signed in, with flags as booleans and custom attributes as texts', () => {
    expect(idTokenClaims(facts)).toEqual({
      sub: '5a1f0c9e-7a55-4b0e-9a53-0d6f1a2b3c4d',
      aud: 'app0client',
      iss: 'https://id.example.com/us-east-1_Abc123xyz',
      token_use: 'id',
      auth_time: 1_700_000_000,
      iat: 1_700_000_100,
      exp: 1_700_000_400,
      jti: 'a0000000-0000-4000-8000-000000000000',
      origin_jti: 'f0000000-0000-4000-8000-000000000000',
      event_id: 'e0000000-0000-4000-8000-000000000000',
      amr: ['pwd'],
      'cognito:username': 'ada',
      'cognito:groups': ['admins', 'staff'],
      email: 'ada@example.com',
      email_verified: true,
      phone_number: '+15550100',
      phone_number_verified: false,
      'custom:level': '3',
      'custom:beta': 'true',
    });
  });

  it('leaves out what is empty', () => {
    const { email, ...claims } = idTokenClaims({ ...facts, attributes: [{ name: 'email', value: '' }], groups: [], amr: [] });
    expect(email).toBeUndefined();
    expect(Object.keys(claims).sort()).toEqual(['aud', 'auth_time', 'cognito:username', 'event_id', 'exp', 'iat', 'iss', 'jti', 'origin_jti', 'sub', 'token_use']);
  });

  it('tells an address as an object and the time of an update as a number', () => {
    expect(idTokenClaims({ ...facts, attributes: [{ name: 'address', value: '1 Main St' }, { name: 'updated_at', value: '1700000000' }] }))
      .toMatchObject({ address: { formatted: '1 Main St' }, updated_at: 1_700_000_000 });
  });

  it('lets no attribute pass for a claim of its own', () => {
    const attributes = ['sub', 'iss', 'aud', 'exp', 'token_use', 'cognito:username', 'identities'].map((name) => ({ name, value: 'forged' }));
    expect(Object.values(idTokenClaims({ ...facts, attributes }))).not.toContain('forged');
  });
});

describe('an access token', () => {
  it('says what may be done, and nothing of the person but the name', () => {
    expect(accessTokenClaims(facts)).toEqual({
      sub: '5a1f0c9e-7a55-4b0e-9a53-0d6f1a2b3c4d',
      iss: 'https://id.example.com/us-east-1_Abc123xyz',
      version: 2,
      client_id: 'app0client',
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: 1_700_000_000,
      iat: 1_700_000_100,
      exp: 1_700_003_700,
      jti: 'b0000000-0000-4000-8000-000000000000',
      origin_jti: 'f0000000-0000-4000-8000-000000000000',
      event_id: 'e0000000-0000-4000-8000-000000000000',
      amr: ['pwd'],
      username: 'ada',
      'cognito:groups': ['admins', 'staff'],
      device_key: 'us-east-1_d0000000',
    });
  });
});

describe('tokens of a client without token revocation', () => {
  it('have no jti and no origin_jti, but an event_id by which signing out everywhere finds their family', () => {
    for (const claims of [idTokenClaims({ ...facts, ids: undefined }), accessTokenClaims({ ...facts, ids: undefined })]) {
      expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['jti']));
      expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['origin_jti']));
      expect(claims['event_id']).toBe('f0000000-0000-4000-8000-000000000000');
    }
  });
});
