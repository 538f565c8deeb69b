import { describe, expect, it } from '@jest/globals';
import { epochMillis } from '@rollcall/kernel';
import fc from 'fast-check';
import {
  constantTimeEqual, decodeBase64, decodeBase64Url, derivedId, derivedUuid, hmacSha256, randomBase64Url, randomId, sha256, uuidV4, uuidV7,
} from '../src/index.js';

const key = Buffer.alloc(32, 7);
const request = sha256('request').toString('hex');
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

describe('digests', () => {
  it('are the standard ones (FIPS 180-2 B.1, RFC 4231 case 2)', () => {
    expect(sha256('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hmacSha256('Jefe', 'what do ya want for nothing?').toString('hex')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });
});

describe('an equality in constant time', () => {
  it('is that of bytes', () => fc.assert(fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) =>
    expect(constantTimeEqual(a, b)).toBe(Buffer.compare(a, b) === 0))));
  it('takes texts as UTF-8', () => {
    expect(constantTimeEqual('ä', Buffer.from([0xc3, 0xa4]))).toBe(true);
    expect(constantTimeEqual('', '')).toBe(true);
  });
  it.each([['a', 'b'], ['a', 'aa'], ['', 'a'], ['caf\u00e9', 'cafe\u0301'], ['a\u0000b', 'a\u0000c'], ['a', 'A']])('C20: tells %j from %j', (a, b) =>
    expect(constantTimeEqual(a, b)).toBe(false));
});

describe('a UUID', () => {
  it('of version 4 is random', () => {
    expect(uuidV4()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuidV4()).not.toBe(uuidV4());
  });
  it('of version 7 begins with its millisecond', () => {
    expect(uuidV7(epochMillis(0x017f22e279b0))).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuidV7(epochMillis(1))).not.toBe(uuidV7(epochMillis(1)));
  });
  it('derived from a request is the same for the same request, and for nothing else', () => {
    const id = derivedUuid(key, request, 0);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(derivedUuid(key, request, 0)).toBe(id);
    const others = [derivedUuid(key, request, 1), derivedUuid(key, request, 10), derivedUuid(key, 'other', 0), derivedUuid(sha256('k'), request, 0)];
    expect(new Set([id, ...others]).size).toBe(5);
  });
});

describe('an id over an alphabet', () => {
  it('has its length and only its characters', () => fc.assert(fc.property(fc.nat({ max: 200 }), (length) => {
    expect(randomId(alphabet, length)).toMatch(new RegExp(`^[a-z0-9]{${length}}$`));
    expect(derivedId(key, request, 3, alphabet, length)).toMatch(new RegExp(`^[a-z0-9]{${length}}$`));
  })));
  it('has every character equally often', () => {
    // Derived, so that the counts never change: chi-squared over 36 characters, 0.1 % above 66.6; modulo 256 gives 130 and more.
    const counts = new Map<string, number>();
    for (const character of derivedId(key, request, 0, alphabet, 72_000)) counts.set(character, (counts.get(character) ?? 0) + 1);
    const chiSquared = Array.from(alphabet).reduce((sum, character) => sum + ((counts.get(character) ?? 0) - 2_000) ** 2 / 2_000, 0);
    expect(chiSquared).toBeLessThan(66.6);
  });
  it('derived from a request is the same for the same request, and for nothing else', () => {
    const id = derivedId(key, request, 0, alphabet, 26);
    expect(derivedId(key, request, 0, alphabet, 26)).toBe(id);
    const others = [derivedId(key, request, 1, alphabet, 26), derivedId(key, 'other', 0, alphabet, 26), derivedId(sha256('k'), request, 0, alphabet, 26)];
    expect(new Set([id, ...others]).size).toBe(4);
    expect(randomId(alphabet, 26)).not.toBe(randomId(alphabet, 26));
  });
  it.each(['', 'a', 'aa', 'aba', '\u{1f511}\u{1f512}'])('needs at least two different characters of one code unit, not %j', (bad) =>
    expect(() => randomId(bad, 4)).toThrow(RangeError));
  it('may be plain random bytes', () => expect(randomBase64Url(32)).toMatch(/^[A-Za-z0-9_-]{43}$/));
});

describe('strict base64', () => {
  it('reads what is written', () => fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
    expect(decodeBase64Url(Buffer.from(bytes).toString('base64url'))).toEqual(Buffer.from(bytes));
    expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(Buffer.from(bytes));
  })));
  it.each(['QQ==', 'QQ=', 'QR', 'Q', 'Q Q', 'QQ\n', '+/8A', 'QQ.'])('base64url refuses %j', (text) => expect(decodeBase64Url(text)).toBeUndefined());
  it.each(['QQ', 'QQ=', 'QR==', 'QQ===', '-_8A', ' QQ==', 'QQ==\n'])('base64 refuses %j', (text) => expect(decodeBase64(text)).toBeUndefined());
});
