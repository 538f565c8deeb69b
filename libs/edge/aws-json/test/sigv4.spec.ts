import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { canonicalRequest, signatureOf, stringToSign } from '../src/sigv4/canonical.js';
import { signingKeysKept } from '../src/sigv4/signing-keys.js';
import type { SigningKey } from '../src/index.js';
import { key, library, read } from './library-service.js';
import { SECRET, signed } from './signing.js';

const lend = { UserPoolId: 'us-east-1_Books' };
const mismatch = 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. '
  + 'Consult the service documentation for details.';

describe("AWS's own test suite for Signature Version 4", () => {
  const hmac = (keyBytes: string | Uint8Array, text: string) => createHmac('sha256', keyBytes).update(text).digest();
  const scope = { day: '20150830', region: 'us-east-1', service: 'service' };
  const signing = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, scope.day), scope.region), scope.service), 'aws4_request');
  const token = 'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8ph'
    + 'UZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';

  it.each<[string, string, string, Record<string, string[]>, string, string]>([
    ['get-vanilla', 'GET', '/', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['get-vanilla-query-order', 'GET', '/?Param2=value2&Param1=value1', {}, '', 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
    ['get-unreserved', 'GET', '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', {}, '', '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f'],
    ['get-utf8', 'GET', '/ሴ', {}, '', '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
    ['get-relative', 'GET', '/example1/example2/../..', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['get-slashes', 'GET', '//example//', {}, '', '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84'],
    ['get-header-value-trim', 'GET', '/', { 'my-header1': [' value1'], 'my-header2': [' "a   b   c"'] }, '', 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736'],
    ['get-header-key-duplicate', 'GET', '/', { 'my-header1': ['value2', 'value2', 'value1'] }, '', 'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea'],
    ['post-vanilla', 'POST', '/', {}, '', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    ['post-header-key-sort', 'POST', '/', { 'my-header1': ['value1'] }, '', 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c'],
    ['post-x-www-form-urlencoded', 'POST', '/', { 'content-type': ['application/x-www-form-urlencoded'] }, 'Param1=value1', 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a'],
    ['post-sts-header-before', 'POST', '/', { 'x-amz-security-token': [token] }, '', '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead'],
  ])('%s', (_name, method, url, more, body, signature) => {
    const headers = new Map(Object.entries({ host: ['example.amazonaws.com'], 'x-amz-date': ['20150830T123600Z'], ...more }));
    const canonical = canonicalRequest({ method, url, headers, body: Buffer.from(body), source: undefined }, [...headers.keys()].sort());
    expect(signatureOf(signing, stringToSign(canonical, '20150830T123600Z', scope)).toString('hex')).toBe(signature);
  });
});

describe('a signed request (abuse J7)', () => {
  it('is let in with the right key, and the row learns who signed and for which region', async () => {
    const { send, taken } = library();
    expect(read(await send('LendBook', lend))).toEqual([200, {}]);
    expect(taken[0]?.call).toMatchObject({ caller: { kind: 'administrator', id: 'AKIDEXAMPLE' }, signer: { region: 'us-east-1', accessKeyId: 'AKIDEXAMPLE' } });
    expect(JSON.stringify(taken[0]?.call)).not.toContain(Buffer.from(key.key).toString('base64'));
  });

  it.each<[string, Parameters<ReturnType<typeof library>['send']>[2], number, string, string]>([
    ['without a signature', { unsigned: true }, 403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
    ['with an unknown key', { accessKeyId: 'AKIDOTHER' }, 403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
    ['with a wrong secret', { secret: 'wrong' }, 403, 'InvalidSignatureException', mismatch],
    ['with a header changed after signing', { headers: { 'x-amz-user-agent': 'a' }, tampered: { 'x-amz-user-agent': 'b' } }, 403, 'InvalidSignatureException', mismatch],
    ["with another body's hash", { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }, 403, 'InvalidSignatureException', mismatch],
    ['six minutes old', { date: '20261124T115359Z' }, 403, 'InvalidSignatureException', 'Signature expired: 20261124T115359Z is now earlier than 20261124T115500Z (20261124T120000Z - 5 min.)'],
    ['six minutes early', { date: '20261124T120600Z' }, 403, 'InvalidSignatureException', 'Signature not yet current: 20261124T120600Z is still later than 20261124T120500Z (20261124T120000Z + 5 min.)'],
    ["scoped to another day", { day: '20261123' }, 403, 'InvalidSignatureException', 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.'],
    ['scoped to another service', { service: 'iam' }, 403, 'InvalidSignatureException', "Credential should be scoped to correct service: 'library'."],
    ['with another terminator', { terminator: 'aws3_request' }, 400, 'IncompleteSignatureException', "Credential should be scoped with a valid terminator: 'aws4_request'."],
    ['whose host is not signed', { unsignedHeaders: ['host'] }, 403, 'InvalidSignatureException', "'host' must be a 'SignedHeader' in the AWS Authorization."],
    ['whose target is not signed', { unsignedHeaders: ['x-amz-target'] }, 403, 'InvalidSignatureException', "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization."],
    ['whose date is not signed', { unsignedHeaders: ['x-amz-date'] }, 403, 'InvalidSignatureException', "'x-amz-date' must be a 'SignedHeader' in the AWS Authorization."],
    ['whose session token is not signed', { tampered: { 'x-amz-security-token': 't' } }, 403, 'InvalidSignatureException', "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization."],
    ['of no day', { date: '20269924T120000Z' }, 403, 'InvalidSignatureException', 'The date of the request is no date.'],
    ['with a bearer token instead', { tampered: { authorization: 'Bearer x' } }, 400, 'IncompleteSignatureException', "Unsupported AWS 'algorithm': only AWS4-HMAC-SHA256 is supported."],
    ['with nothing but the algorithm', { tampered: { authorization: 'AWS4-HMAC-SHA256' } }, 400, 'IncompleteSignatureException', 'Not a valid key=value pair (missing equal-sign) in Authorization header.'],
    ['with a credential alone', { tampered: { authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e' } }, 400, 'IncompleteSignatureException',
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter."],
    ['with a short credential', { tampered: { authorization: `AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=${'0'.repeat(64)}` } }, 400, 'IncompleteSignatureException',
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.'],
    ['with a signature that is none', { tampered: { authorization: 'AWS4-HMAC-SHA256 Credential=a/20261124/us-east-1/library/aws4_request, SignedHeaders=host, Signature=xyz' } }, 400,
      'IncompleteSignatureException', 'Signature must be 64 hexadecimal digits.'],
    ['with a parameter twice', { tampered: { authorization: 'AWS4-HMAC-SHA256 Credential=a, Credential=b' } }, 400, 'IncompleteSignatureException', 'A parameter is given twice in Authorization header.'],
    ['for a region that is not the pool\'s', { region: 'eu-west-1' }, 400, 'InvalidParameterException', 'PoolNotFound {"poolId":"us-east-1_Books"}'],
  ])('is refused %s, and no row is called', async (_what, how, status, type, message) => {
    // The documents' key for every day, region and service: what is refused here is not refused for want of a key.
    const { send, taken } = library({ signingKeyOf: async (query) => (query.accessKeyId === 'AKIDEXAMPLE' ? { ...key, key: keyFor(query) } : undefined) });
    expect(read(await send('LendBook', lend, how))).toEqual([status, { __type: type, message }]);
    expect(taken).toEqual([]);
  });

  it('is refused for a region that is not served', async () => {
    const { send, taken } = library({ regions: ['eu-west-1'] });
    expect(read(await send('LendBook', lend))).toEqual([400, { __type: 'ResourceNotFoundException', message: 'Region us-east-1 is not served here.' }]);
    expect(taken).toEqual([]);
  });

  it.each<[string, Partial<SigningKey['principal']>]>([
    ['of another account', { accountId: '210987654321' }],
    ['that may only do something else', { operations: ['Browse'] }],
    ['that is bound to another pool', { pools: ['us-east-1_Other'] }],
  ])('is refused with a key %s', async (_what, bound) => {
    const principal = { ...key.principal, ...bound };
    const { send, taken, records } = library({ signingKeyOf: async () => ({ ...key, principal }) });
    expect(read(await send('LendBook', lend))).toEqual([403, { __type: 'AccessDeniedException', message:
      `User: arn:aws:iam::${principal.accountId}:user/AKIDEXAMPLE is not authorized to perform: library:LendBook on resource: arn:aws:library:us-east-1:123456789012:userpool/us-east-1_Books` }]);
    expect(taken).toEqual([]);
    expect(records.map(({ outcome }) => outcome)).toEqual(['AccessDeniedException']);
  });

  it('takes the Date header where there is no X-Amz-Date', async () => {
    const { dispatch, taken } = library();
    const request = signed('LibraryService.LendBook', JSON.stringify(lend), { headers: { date: 'Tue, 24 Nov 2026 12:00:00 GMT' }, unsignedHeaders: ['x-amz-date'] });
    const headers = new Map(request.headers);
    headers.delete('x-amz-date');
    expect((await dispatch({ ...request, headers })).status).toBe(200);
    expect(taken).toHaveLength(1);
  });

  it('refuses a body that was changed after signing', async () => {
    const { dispatch, taken } = library();
    const request = signed('LibraryService.LendBook', JSON.stringify(lend));
    const answer = await dispatch({ ...request, body: Buffer.from(JSON.stringify({ ...lend, Title: 'Other' })) });
    expect(read(answer)).toEqual([403, { __type: 'InvalidSignatureException', message: mismatch }]);
    expect(taken).toEqual([]);
  });

  it('refuses two Authorization headers', async () => {
    const { dispatch, taken } = library();
    const request = signed('LibraryService.LendBook', JSON.stringify(lend));
    const line = request.headers.get('authorization')?.[0] as string;
    const answer = await dispatch({ ...request, headers: new Map([...request.headers, ['authorization', [line, line]]]) });
    expect(JSON.parse(answer.body)).toEqual({ __type: 'IncompleteSignatureException', message: 'There must be exactly one Authorization header.' });
    expect(taken).toEqual([]);
  });

  it('tells the clock it judges by, so that a client can correct its own', async () => {
    const { send } = library();
    expect((await send('LendBook', lend, { date: '20261124T110000Z' })).headers['date']).toBe('Tue, 24 Nov 2026 12:00:00 GMT');
  });

  it('answers alike when it is repeated, and passes it on: repeats change nothing further in', async () => {
    const { send, taken } = library();
    const first = await send('LendBook', lend, { headers: { 'amz-sdk-invocation-id': 'one' } });
    const second = await send('LendBook', lend, { headers: { 'amz-sdk-invocation-id': 'one' } });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(taken[0]?.call['requestKey']).toMatch(/^[\da-f]{64}$/);
    expect(taken[1]?.call['requestKey']).toBe(taken[0]?.call['requestKey']);
  });
});

function keyFor({ day, region, service }: { readonly day: string; readonly region: string; readonly service: string }): Buffer {
  const hmac = (keyBytes: string | Uint8Array, text: string) => createHmac('sha256', keyBytes).update(text).digest();
  return hmac(hmac(hmac(hmac(`AWS4${SECRET}`, day), region), service), 'aws4_request');
}

describe('signing keys', () => {
  const query = { accessKeyId: 'AKIDEXAMPLE', sessionToken: undefined, day: '20261124', region: 'us-east-1', service: 'library' };

  it('are fetched once for callers that ask together', async () => {
    let fetched = 0;
    const keyOf = signingKeysKept(async () => { fetched++; return key; });
    expect(await Promise.all([keyOf(query), keyOf(query)])).toEqual([key, key]);
    expect(await keyOf({ ...query, region: 'eu-west-1' })).toBe(key);
    expect(fetched).toBe(2);
  });

  it('are not kept when unknown, or when the fetch failed', async () => {
    const answers: (() => Promise<SigningKey | undefined>)[] = [
      async () => undefined,
      async () => { throw new Error('down'); },
      async () => key,
    ];
    const keyOf = signingKeysKept(() => (answers.shift() as () => Promise<SigningKey | undefined>)());
    expect(await keyOf(query)).toBeUndefined();
    await expect(keyOf(query)).rejects.toThrow('down');
    expect(await keyOf(query)).toBe(key);
    expect(answers).toEqual([]);
  });
});
