import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, importJWK, jwtVerify } from 'jose';
import {
  generateRsaKeyPair, JWT_MAX_CHARACTERS, jwtHeader, rsaPrivateKey, rsaPublicKey, signJwt, signRs256, verifyJwtRs256, type RsaKeyPair,
} from '../src/index.js';

const claims = { sub: 'ada', token_use: 'access', exp: 1_793_847_847, 'cognito:groups': ['ł'] };
let pair: RsaKeyPair;
let privateKey: KeyObject;
let publicKey: KeyObject;
let token: string;
const verified = (text: string, key: KeyObject | undefined = publicKey) => verifyJwtRs256(text, (kid) => (kid === pair.kid ? key : undefined));
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A token whose signature is right for whatever its header and claims are. */
const signed = (header: string, body: string) => `${header}.${body}.${sign('sha256', Buffer.from(`${header}.${body}`), privateKey).toString('base64url')}`;

beforeAll(async () => {
  pair = await generateRsaKeyPair();
  privateKey = rsaPrivateKey(pair.privateDer);
  publicKey = rsaPublicKey(pair.publicJwk);
  token = await signJwt(jwtHeader(pair.kid), claims, (data) => signRs256(privateKey, data));
});

describe('a generated key', () => {
  it('is RSA-2048, named by its thumbprint', async () => {
    expect(publicKey.asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65537n });
    expect(pair.publicJwk).toEqual({ kty: 'RSA', n: pair.publicJwk.n, e: 'AQAB', alg: 'RS256', use: 'sig', kid: pair.kid });
    expect(pair.kid).toBe(await calculateJwkThumbprint({ ...pair.publicJwk }));
  });
});

describe('a token', () => {
  it('has a header of kid and alg alone', () => expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).toBe(`{"kid":"${pair.kid}","alg":"RS256"}`));
  it('is what jose accepts', async () => {
    const { payload } = await jwtVerify(token, await importJWK({ ...pair.publicJwk }), { currentDate: new Date(0) });
    expect(payload).toEqual(claims);
  });
  it('verifies to its claims', async () => expect(await verified(token)).toEqual({ kid: pair.kid, claims }));
  it('verifies with a key found in a while', async () => expect(await verifyJwtRs256(token, () => Promise.resolve(publicKey))).toEqual({ kid: pair.kid, claims }));
  it('may bear a typ', async () => expect(await verified(signed(part({ kid: pair.kid, alg: 'RS256', typ: 'JWT' }), part(claims)))).toEqual({ kid: pair.kid, claims }));

  it('is refused with any character changed', async () => {
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A';
      expect(await verified(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
    }
  });
  it('is refused cut or lengthened', async () => {
    const [header, body, signature] = token.split('.');
    for (const text of ['', '.', '..', token.slice(0, -1), token.slice(0, -4), `${token}A`, `${token}=`, `${token}.`, `${token}.AAAA`, ` ${token}`, `${token}\n`,
      `${header}.${body}`, `${header}.${body}.`, `.${body}.${signature}`, `${header}..${signature}`, `${header}.${body}.${signature}.${signature}`]) {
      expect(await verified(text)).toBeUndefined();
    }
  });
  it('is refused from an unknown or another key', async () => {
    expect(await verifyJwtRs256(token, () => undefined)).toBeUndefined();
    expect(await verified(token, generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)).toBeUndefined();
  });
  it('is refused where the key is none for RS256', async () => {
    expect(await verified(token, generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).toBeUndefined();
    expect(await verified(token, privateKey)).toBeUndefined();
  });
  it.each([
    ['none', { alg: 'none' }], ['HS256', { alg: 'HS256' }], ['PS256', { alg: 'PS256' }], ['RS512', { alg: 'RS512' }], ['no algorithm', { alg: undefined }],
    ['lower case', { alg: 'rs256' }], ['a list', { alg: ['RS256'] }],
    ['crit', { crit: ['exp'] }], ['crit of nothing', { crit: [] }], ['jwk', { jwk: {} }], ['jku', { jku: 'https://evil.example/' }], ['x5u', { x5u: 'https://evil.example/' }],
    ['x5c', { x5c: [] }], ['zip', { zip: 'DEF' }], ['b64', { b64: true }], ['an unknown member', { ['__proto__x']: 1 }],
    ['no kid', { kid: undefined }], ['a kid that is no text', { kid: 1 }], ['a typ that is no text', { typ: 1 }],
  ])('is refused with %s in its header, though rightly signed', async (_name, change) =>
    expect(await verified(signed(part({ kid: pair.kid, alg: 'RS256', ...change }), part(claims)))).toBeUndefined());
  it('is refused with an inherited name in its header', async () =>
    expect(await verified(signed(Buffer.from(`{"kid":"${pair.kid}","alg":"RS256","__proto__":{}}`).toString('base64url'), part(claims)))).toBeUndefined());
  it('is refused when signed by HMAC with the public key', async () => {
    const content = `${part({ kid: pair.kid, alg: 'HS256' })}.${part(claims)}`;
    const mac = createHmac('sha256', publicKey.export({ format: 'pem', type: 'spki' })).update(content).digest('base64url');
    expect(await verified(`${content}.${mac}`)).toBeUndefined();
  });
  it.each(['[]', 'null', '1', '"x"', '{', ''])('is refused with claims %j, though rightly signed', async (body) =>
    expect(await verified(signed(jwtHeader(pair.kid), Buffer.from(body).toString('base64url')))).toBeUndefined());
  it('is refused with claims in another form of base64, though rightly signed', async () =>
    expect(await verified(signed(jwtHeader(pair.kid), Buffer.from('{"a":"?>"}').toString('base64')))).toBeUndefined());
  it('is refused unread beyond its bound', async () => {
    const long = await signJwt(jwtHeader(pair.kid), { long: 'x'.repeat(JWT_MAX_CHARACTERS) }, (data) => signRs256(privateKey, data));
    let asked = 0;
    expect(await verifyJwtRs256(long, () => (asked++, publicKey))).toBeUndefined();
    expect(asked).toBe(0);
  });
});
