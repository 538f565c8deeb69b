import { describe, expect, it } from '@jest/globals';
import { hashSync } from '@node-rs/argon2';
import { hashArgon2, matchesArgon2, needsRehash, passwordBytes } from '../src/index.js';

const invalid = expect.objectContaining({ name: 'DomainError', code: 'InvalidParameter' });

describe("a password's bytes", () => {
  it('are those that came', () => {
    expect(passwordBytes(' pä\u0000\u{1f511} ')).toEqual(Buffer.from([0x20, 0x70, 0xc3, 0xa4, 0, 0xf0, 0x9f, 0x94, 0x91, 0x20]));
    expect(passwordBytes('')).toHaveLength(0);
  });
  it.each(['x'.repeat(1_025), 'ä'.repeat(513)])('C21: are at most 1,024 (case %#)', (password) => expect(() => passwordBytes(password)).toThrow(invalid));
  it('C21: are not even made of a megabyte', () => expect(() => passwordBytes('x'.repeat(1_000_000))).toThrow(invalid));
  it('may be 1,024', () => expect(passwordBytes('ä'.repeat(512))).toHaveLength(1_024));
  it('C20: never stand for two passwords: a lone surrogate is refused', () => {
    for (const password of ['a\ud800', '\udc00b', '\ud800\ud800']) expect(() => passwordBytes(password)).toThrow(invalid);
  });
});

describe('an argon2id hash', () => {
  const hash = hashArgon2(passwordBytes('Enchantress-1843'));
  it("has OWASP's parameters and its own salt", () => {
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(hashArgon2(passwordBytes('Enchantress-1843'))).not.toBe(hash);
    expect(needsRehash(hash)).toBe(false);
  });
  it('matches its password alone', () => {
    expect(matchesArgon2(hash, passwordBytes('Enchantress-1843'))).toBe(true);
    expect(matchesArgon2(hash, passwordBytes('Enchantress-1844'))).toBe(false);
  });
  it.each([
    ['beyond 72 bytes', `${'A'.repeat(72)}1`, `${'A'.repeat(72)}2`],
    ['behind a NUL', 'Password-1\u0000a', 'Password-1\u0000b'],
    ['in a NUL at the end', 'Password-1', 'Password-1\u0000'],
    ['in their Unicode form', 'caf\u00e9-1', 'cafe\u0301-1'],
    ['in compatibility forms', 'Ａ-1', 'A-1'],
    ['in blanks at the end', 'Password-1', 'Password-1 '],
    ['in the 1,024th byte', `${'A'.repeat(1_023)}1`, `${'A'.repeat(1_023)}2`],
  ])('C20: tells apart passwords that differ %s', (_where, password, other) => {
    const of = hashArgon2(passwordBytes(password));
    expect(matchesArgon2(of, passwordBytes(password))).toBe(true);
    expect(matchesArgon2(of, passwordBytes(other))).toBe(false);
  });
  it.each([{ memoryCost: 9_728 }, { timeCost: 3 }, { parallelism: 2 }, { algorithm: 1 }])('is to be made anew when made with %j', (change) =>
    expect(needsRehash(hashSync('x', { memoryCost: 19_456, timeCost: 2, parallelism: 1, ...change }))).toBe(true));
  it.each(['', 'no hash', '$2b$10$abcdefghijklmnopqrstuv'])('is not %j', (phc) => {
    expect(() => needsRehash(phc)).toThrow(/./);
    expect(() => matchesArgon2(phc, passwordBytes('x'))).toThrow(/./);
  });
});
