import { randomBytes } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { passwordMatchesVerifier, srpFinish, srpStart, srpVerifier, verifierInteger, type SrpAnswer } from '../src/index.js';
import { evenHex, fixedBytes, integerOf, paddedBytes } from '../src/integer.js';
import { openSslPower } from '../src/power.js';
import * as group from '../src/srp-group.js';
import { scramble, sharedSecret } from '../src/srp.js';
import * as reference from './bigint-reference.js';

jest.setTimeout(30_000); // a busy machine

const { power } = openSslPower();
const { N } = reference;
const invalid = expect.objectContaining({ name: 'DomainError', code: 'InvalidParameter' });

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
/** Salts as they come, and those with leading zeros or a set top bit: where a wrong padding rule shows. */
const salts = fc.oneof(bytes(16), bytes(14).map((rest) => Buffer.concat([Buffer.alloc(2), rest])), bytes(15).map((rest) => Buffer.concat([Buffer.of(0x80), rest])));
const logins = fc.record({
  poolName: fc.stringMatching(/^[0-9A-Za-z]{9}$/),
  username: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  password: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  salt: salts,
});
const secrets = bytes(32).map(integerOf).filter((value) => value > 0n);
const someRuns = { numRuns: 20 };

const login = { poolName: 'AbCdEf123', username: 'ada', password: Buffer.from('Enchantress-1843'), salt: Buffer.from('00ff17c0de', 'hex') };
const verifier = srpVerifier(power, login);
const timestamp = 'Thu Nov 5 03:04:07 UTC 2026';

function finished(changes: Partial<SrpAnswer> = {}, a = 0x1234567890abcdef1234567890abcdef1234567n): boolean {
  const secretBlock = Buffer.from('sealed');
  const { B, state } = srpStart(power, { A: reference.power(2n, a).toString(16), verifier });
  const signature = reference.clientSignature({ ...login, password: login.password.toString() }, a, BigInt(`0x${B}`), secretBlock, timestamp);
  return srpFinish(power, { ...login, state, verifier, secretBlock, timestamp, signature, ...changes });
}

describe('the SRP group', () => {
  it('is the published one', () => {
    expect(group.N).toBe(N);
    expect(group.k).toBe(reference.k);
  });
});

describe('integers', () => {
  it.each([[0n, '00'], [1n, '01'], [0x7fn, '7f'], [0x80n, '0080'], [0xffn, '00ff'], [0x100n, '0100'], [0x8000n, '008000']])('%p is hashed as %p', (value, hex) =>
    expect(paddedBytes(value).toString('hex')).toBe(hex));
  it('are padded as the formula says, and read back', () => fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }).map(reference.integer), (value) => {
    expect(paddedBytes(value)).toEqual(reference.pad(value));
    expect(integerOf(paddedBytes(value))).toBe(value);
    expect(evenHex(value).length % 2).toBe(0);
  })));
  it('do not fit where they are too long', () => expect(() => fixedBytes(256n, 1)).toThrow(RangeError));
});

describe('a power by OpenSSL', () => {
  it('equals the reference for any base and exponent', () => fc.assert(
    fc.property(bytes(384).map((b) => (integerOf(b) % (N - 3n)) + 2n), fc.oneof(secrets, fc.bigInt(1n, 300n)), (base, exponent) => {
      expect(power(base, exponent)).toBe(reference.power(base, exponent));
    }), someRuns));
  it.each([[0n, 5n], [1n, 5n], [N - 1n, 5n], [N, 5n], [N + 2n, 5n], [2n, 0n], [2n, -1n]])('refuses to leave the group (case %#)', (base, exponent) =>
    expect(() => power(base, exponent)).toThrow(RangeError));
});

describe('an SRP verifier', () => {
  it('D2: is g^x of the reference, also for salts with leading zeros', () => fc.assert(fc.property(logins, (of) => {
    const made = srpVerifier(power, { ...of, password: Buffer.from(of.password) });
    expect(made).toHaveLength(384);
    expect(integerOf(made)).toBe(reference.power(2n, reference.x(of)));
  }), someRuns));
  it('ignores leading zeros of the salt', () =>
    expect(srpVerifier(power, { ...login, salt: Buffer.from('ff17c0de', 'hex') })).toEqual(verifier));
  it('matches its password, whether stored short or padded', () => {
    expect(passwordMatchesVerifier(power, { ...login, verifier })).toBe(true);
    expect(passwordMatchesVerifier(power, { ...login, verifier: Buffer.concat([Buffer.alloc(1), verifier]) })).toBe(true);
  });
  it.each([
    ['password', { password: Buffer.from('enchantress-1843') }],
    ['user', { username: 'adam' }],
    ['pool', { poolName: 'AbCdEf124' }],
    ['salt', { salt: Buffer.from('ff17c0df', 'hex') }],
  ])('does not match another %s', (_what, change) => expect(passwordMatchesVerifier(power, { ...login, verifier, ...change })).toBe(false));
  it.each([0n, 1n, N - 1n, N, N + 5n])('is refused outside the group (case %#)', (v) => {
    const bad = paddedBytes(v);
    expect(() => verifierInteger(bad)).toThrow(invalid);
    expect(() => srpStart(power, { A: '1234', verifier: bad })).toThrow(invalid);
    expect(() => passwordMatchesVerifier(power, { ...login, verifier: bad })).toThrow(invalid);
  });
});

describe('an SRP login', () => {
  it('D2: succeeds for every user, salt and secret, with odd-length hex and leading zeros in all values', () => fc.assert(
    fc.property(logins, fc.oneof(secrets, fc.bigInt(1n, 40n)), secrets, (of, a, b) => {
      const stored = srpVerifier(power, { ...of, password: Buffer.from(of.password) });
      const A = reference.power(2n, a).toString(16);
      const { B, state } = srpStart(power, { A, verifier: stored }, fixedBytes(b, 32));
      const secretBlock = randomBytes(40);
      const signature = reference.clientSignature(of, a, BigInt(`0x${B}`), secretBlock, timestamp);
      const answer = { ...of, state, verifier: stored, secretBlock, timestamp, signature };
      expect(srpFinish(power, answer)).toBe(true);
      expect(srpFinish(power, { ...answer, verifier: srpVerifier(power, { ...of, password: Buffer.from(`${of.password}.`) }) })).toBe(false);
    }), someRuns));

  it('D2: pads S and u whose first byte is zero as an integer, not as bytes of a fixed length', () => {
    // Found by search: values of b that make the leading byte of the shared secret zero (1 in 256).
    const v = verifierInteger(verifier);
    const A = reference.power(2n, 77n);
    let seen = 0;
    for (let b = 1n; seen < 2; b++) {
      const B = (group.k * v + reference.power(2n, b)) % N;
      const u = scramble(A, B);
      const S = sharedSecret(power, { A, u, b, v });
      if (S >> 3064n !== 0n && u >> 248n !== 0n) continue;
      seen++;
      const state = Buffer.concat([fixedBytes(A, 384), fixedBytes(u, 32), fixedBytes(b, 32)]);
      const signature = reference.clientSignature({ ...login, password: login.password.toString() }, 77n, B, Buffer.of(1), timestamp);
      expect(srpFinish(power, { ...login, state, verifier, secretBlock: Buffer.of(1), timestamp, signature })).toBe(true);
    }
  });

  it('succeeds with an A in capitals or with leading zeros', () => {
    const A = reference.power(2n, 77n).toString(16);
    for (const form of [A.toUpperCase(), `000${A}`]) {
      const { B, state } = srpStart(power, { A: form, verifier });
      const signature = reference.clientSignature({ ...login, password: login.password.toString() }, 77n, BigInt(`0x${B}`), Buffer.of(1), timestamp);
      expect(srpFinish(power, { ...login, state, verifier, secretBlock: Buffer.of(1), timestamp, signature })).toBe(true);
    }
  });

  it('draws a new B each time', () => {
    const of = { A: '1234', verifier };
    expect(srpStart(power, of).B).not.toBe(srpStart(power, of).B);
  });
  it('succeeds with all as it was', () => expect(finished()).toBe(true));
  it.each<[string, Partial<SrpAnswer>]>([
    ['secret block', { secretBlock: Buffer.from('sealeD') }],
    ['timestamp', { timestamp: 'Thu Nov 5 03:04:08 UTC 2026' }],
    ['user', { username: 'adam' }],
    ['pool', { poolName: 'AbCdEf124' }],
    ['verifier', { verifier: srpVerifier(power, { ...login, salt: Buffer.of(9) }) }],
    ['signature', { signature: Buffer.alloc(32).toString('base64') }],
    ['signature that is empty', { signature: '' }],
    ['signature that is not base64', { signature: '\u0000{}' }],
    ['first leg', { state: srpStart(power, { A: '1234', verifier }).state }],
  ])('fails with another %s', (_what, change) => expect(finished(change)).toBe(false));
  it('refuses a state of another length', () => expect(() => finished({ state: Buffer.alloc(447) })).toThrow(RangeError));
});

describe('values that would give the shared secret away', () => {
  it.each([['0', 0n], ['N', N], ['2N', 2n * N], ['300N', 300n * N]])('D1: A = %s is refused in the first leg', (_name, A) =>
    expect(() => srpStart(power, { A: A.toString(16), verifier })).toThrow(invalid));
  it.each(['0000', ''.padStart(768, '0')])('D1: A = 0 is refused however it is written (case %#)', (A) => expect(() => srpStart(power, { A, verifier })).toThrow(invalid));
  it('D1: A ≡ 0 is refused in the second leg too', () => {
    const state = Buffer.concat([Buffer.alloc(384), Buffer.alloc(64, 7)]);
    expect(() => finished({ state })).toThrow(invalid);
    expect(() => sharedSecret(power, { A: 3n * N, u: 5n, b: 7n, v: 9n })).toThrow(invalid);
  });
  it('D2: u = 0 is refused', () => {
    const state = Buffer.concat([Buffer.alloc(384, 7), Buffer.alloc(32), Buffer.alloc(32, 7)]);
    expect(() => finished({ state })).toThrow(invalid);
  });
  it('A is refused that cancels the verifier', () => {
    const v = verifierInteger(verifier);
    const A = reference.power(reference.power(v, 5n), N - 2n); // v^-5
    expect(() => sharedSecret(power, { A, u: 5n, b: 7n, v })).toThrow(invalid);
    expect(() => sharedSecret(power, { A: N - A, u: 5n, b: 7n, v })).toThrow(invalid);
  });
  it.each(['', '-1', '0x12', '12 ', 'xyz', '1'.repeat(1_025)])('A is refused that is no number (case %#)', (A) => expect(() => srpStart(power, { A, verifier })).toThrow(invalid));
});
