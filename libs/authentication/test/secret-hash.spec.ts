import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { checkSecretHash } from '../src/application/secret-hash.js';

const clientId = '1example23456789abcdefghij';
const hash = (secret: string, username: string, client = clientId) => createHmac('sha256', secret).update(username + client).digest('base64');
const check = (secrets: readonly string[], secretHash: string | undefined, usernames = ['ada']) => () => checkSecretHash({ clientId, secrets }, secretHash, usernames);

describe('B21: SECRET_HASH', () => {
  it('passes with a live secret', () => expect(check(['new', 'old'], hash('new', 'ada'))).not.toThrow());
  it('passes with the older of two live secrets', () => expect(check(['new', 'old'], hash('old', 'ada'))).not.toThrow());
  it('passes for any name that it may be made for', () => expect(check(['new'], hash('new', 'the-sub'), ['ada', 'the-sub'])).not.toThrow());
  it('means nothing for a client without secrets', () => {
    expect(check([], 'whatever')).not.toThrow();
    expect(check([], undefined)).not.toThrow();
  });
  it.each([undefined, ''])('must be there for a client with a secret (%p)', (secretHash) =>
    expect(check(['new'], secretHash)).toThrow(expect.objectContaining({ code: 'SecretHashMissing', details: { clientId } })));
  it.each([
    ['another secret', hash('other', 'ada')], ['another name', hash('new', 'grace')], ['another client', hash('new', 'ada', 'x')],
    ['a cut text', hash('new', 'ada').slice(0, -1)], ['other characters', '€'.repeat(44)],
  ])('of %s is refused', (_what, secretHash) =>
    expect(check(['new'], secretHash)).toThrow(expect.objectContaining({ code: 'SecretHashMismatch', details: { clientId } })));
});
