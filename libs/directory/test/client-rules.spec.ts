import { describe, expect, it } from '@jest/globals';

import { brokenClientRule, type NewClientFacts } from '../src/domain/client-rules.js';

const plain: NewClientFacts = {
  generateSecret: false, ownSecret: false, ExplicitAuthFlows: [], ReadAttributes: undefined, WriteAttributes: undefined,
  accessTokenSeconds: 3600, idTokenSeconds: 3600, refreshTokenSeconds: 30 * 86_400,
};
const names = new Set(['sub', 'identities', 'email', 'email_verified', 'phone_number_verified', 'custom:team', 'dev:score']);
const rule = (facts: Partial<NewClientFacts>) => brokenClientRule({ ...plain, ...facts }, names);

describe('rules of a new client', () => {
  it.each([
    ['the defaults', {}],
    ['a generated secret', { generateSecret: true }],
    ['a secret of its own', { ownSecret: true }],
    ['reading whatever the pool has', { ReadAttributes: [...names] }],
    ['writing what describes a user', { WriteAttributes: ['email', 'custom:team'] }],
    ['flows of the newer kind', { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] }],
    ['flows of the older kind', { ExplicitAuthFlows: ['USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] }],
    ['the shortest lifetimes', { accessTokenSeconds: 300, idTokenSeconds: 300, refreshTokenSeconds: 3600 }],
    ['the longest lifetimes', { accessTokenSeconds: 86_400, idTokenSeconds: 86_400, refreshTokenSeconds: 315_360_000 }],
  ])('allow %s', (_what, facts) => expect(rule(facts)).toBeUndefined());

  const range = 'Invalid range for token validity.';
  const write = 'Invalid write attributes specified while creating a client';
  it.each<[string, Partial<NewClientFacts>, string]>([
    ['two sources of the secret', { generateSecret: true, ownSecret: true }, 'GenerateSecret and ClientSecret cannot be given together.'],
    ['both kinds of flows', { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] }, 'ExplicitAuthFlows cannot mix values with and without the ALLOW_ prefix.'],
    ['reading what the pool lacks', { ReadAttributes: ['custom:none'] }, 'Invalid read attributes specified while creating a client'],
    ['writing what the pool lacks', { WriteAttributes: ['custom:none'] }, write],
    ['J10: writing the sub', { WriteAttributes: ['sub'] }, write],
    ['J10: writing identities', { WriteAttributes: ['identities'] }, write],
    ['C14: writing email_verified', { WriteAttributes: ['email_verified'] }, write],
    ['C14: writing phone_number_verified', { WriteAttributes: ['phone_number_verified'] }, write],
    ['writing what only developers may', { WriteAttributes: ['dev:score'] }, write],
    ['a short access token', { accessTokenSeconds: 299 }, range],
    ['a long access token', { accessTokenSeconds: 86_401 }, range],
    ['a short ID token', { idTokenSeconds: 299 }, range],
    ['a long ID token', { idTokenSeconds: 86_401 }, range],
    ['a short refresh token', { refreshTokenSeconds: 3599 }, range],
    ['a long refresh token', { refreshTokenSeconds: 315_360_001 }, range],
    ['a refresh token that ends before its access token', { accessTokenSeconds: 7200, refreshTokenSeconds: 3600 }, 'The refresh token must live longer than the access and ID tokens.'],
  ])('refuse %s', (_what, facts, reason) => expect(rule(facts)).toBe(reason));
});
