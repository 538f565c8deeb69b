/**
 * The server's side of Cognito's SRP-6a (RFC 2945 and 5054 with Amazon's padding and key derivation). Pure but for the random
 * `b`; all powers go through the one function handed in, which must be constant-time in its exponent.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { DomainError } from '@rollcall/kernel';
import { constantTimeEqual } from './constant-time.js';
import { hmacSha256, sha256 } from './digest.js';
import { evenHex, fixedBytes, integerOf, paddedBytes } from './integer.js';
import { g, GROUP_BYTES, k, N } from './srp-group.js';

/** base^exponent mod N, for 1 < base < N − 1 and exponent ≥ 1. */
export type Power = (base: bigint, exponent: bigint) => bigint;

/** Whom a verifier belongs to. For a device: its group key, its key and the password its client made. */
export interface SrpIdentity {
  /** The part of the pool id after `_`. */
  readonly poolName: string;
  /** USER_ID_FOR_SRP: the internal user name, not what was typed. */
  readonly username: string;
}

const EXPONENT_BYTES = 32; // RFC 5054 section 2.5.3: at least 256 bits
const STATE_BYTES = GROUP_BYTES + 32 + EXPONENT_BYTES;
const MAX_A_DIGITS = 1_024;

const refusal = (reason: string): DomainError => new DomainError('InvalidParameter', { reason });

/** v = g^x, in 384 bytes. The salt counts as an integer: leading zero bytes mean nothing. */
export function srpVerifier(power: Power, of: SrpIdentity & { readonly password: Uint8Array; readonly salt: Uint8Array }): Buffer {
  const identity = Buffer.concat([Buffer.from(`${of.poolName}${of.username}:`, 'utf8'), of.password]);
  const x = integerOf(sha256(Buffer.concat([paddedBytes(integerOf(of.salt)), sha256(identity)])));
  return fixedBytes(power(g, x), GROUP_BYTES);
}

/** Whether a password is the one that a verifier was made from. */
export function passwordMatchesVerifier(
  power: Power,
  claim: SrpIdentity & { readonly password: Uint8Array; readonly salt: Uint8Array; readonly verifier: Uint8Array },
): boolean {
  return constantTimeEqual(srpVerifier(power, claim), fixedBytes(verifierInteger(claim.verifier), GROUP_BYTES));
}

/**
 * A verifier as an integer. 0, 1 and N − 1 are no verifiers: with them the shared secret does not depend on any password.
 * @throws {DomainError} `InvalidParameter`: some verifiers (of devices) are made by clients
 */
export function verifierInteger(verifier: Uint8Array): bigint {
  const v = integerOf(verifier);
  if (v <= 1n || v >= N - 1n) throw refusal('The SRP verifier lies outside the group.');
  return v;
}

export interface SrpStarted {
  /** SRP_B: hex with an even number of digits. */
  readonly B: string;
  /** A mod N, u and b, 448 bytes: secret, for b reveals the verifier. Seal it into the SECRET_BLOCK. */
  readonly state: Buffer;
}

/**
 * The first leg: B = k·v + g^b.
 *
 * @param of.A SRP_A as the client wrote it: hex of any length up to 1,024 digits, odd ones too
 * @param b 256 random bits, never used twice: two values B of one b differ by k(v1 − v2)
 * @throws {DomainError} `InvalidParameter` if A is not hex, is 0 modulo N, or hashes with B to u = 0
 */
export function srpStart(power: Power, of: { readonly A: string; readonly verifier: Uint8Array }, b: Uint8Array = randomBytes(EXPONENT_BYTES)): SrpStarted {
  const v = verifierInteger(of.verifier);
  if (!/^[0-9a-fA-F]+$/.test(of.A) || of.A.length > MAX_A_DIGITS) throw refusal('SRP_A must be a hexadecimal number.');
  const A = BigInt(`0x${of.A}`);
  if (A % N === 0n) throw refusal('SRP_A must not be zero modulo N.');
  const B = (k * v + power(g, integerOf(b))) % N;
  const u = scramble(A, B);
  if (u === 0n) throw refusal('SRP_A is not acceptable.');
  return { B: evenHex(B), state: Buffer.concat([fixedBytes(A % N, GROUP_BYTES), fixedBytes(u, 32), b]) };
}

/** u = SHA-256(pad(A) || pad(B)), of A as it was sent. */
export const scramble = (A: bigint, B: bigint): bigint => integerOf(sha256(Buffer.concat([paddedBytes(A), paddedBytes(B)])));

/**
 * S = (A · v^u)^b.
 *
 * @throws {DomainError} `InvalidParameter` where S would be known without the password: A ≡ 0, u = 0, or a base of order 1 or 2
 */
export function sharedSecret(power: Power, of: { readonly A: bigint; readonly u: bigint; readonly b: bigint; readonly v: bigint }): bigint {
  if (of.A % N === 0n || of.u === 0n) throw refusal('SRP_A is not acceptable.');
  const base = (of.A * power(of.v, of.u)) % N;
  if (base <= 1n || base === N - 1n) throw refusal('SRP_A is not acceptable.');
  return power(base, of.b);
}

/** The key of both sides: HKDF-SHA-256 over the padded S, salted by the padded u, 16 bytes. */
export const sessionKey = (S: bigint, u: bigint): Buffer =>
  Buffer.from(hkdfSync('sha256', paddedBytes(S), paddedBytes(u), 'Caldera Derived Key', 16));

export interface SrpAnswer extends SrpIdentity {
  /** What the first leg made. */
  readonly state: Uint8Array;
  /** Of the same credential as in the first leg. */
  readonly verifier: Uint8Array;
  /** PASSWORD_CLAIM_SECRET_BLOCK, decoded from base64. */
  readonly secretBlock: Uint8Array;
  /** TIMESTAMP as the client wrote it; its form and age are `srpTimestamp`'s matter. */
  readonly timestamp: string;
  /** PASSWORD_CLAIM_SIGNATURE, base64 as the client wrote it. */
  readonly signature: string;
}

/**
 * The second leg: whether the client knew the password.
 * @throws {DomainError} `InvalidParameter` as `sharedSecret`
 * @throws {RangeError} if `state` is none
 */
export function srpFinish(power: Power, answer: SrpAnswer): boolean {
  if (answer.state.byteLength !== STATE_BYTES) throw new RangeError(`a state of SRP has ${STATE_BYTES} bytes`);
  const A = integerOf(answer.state.subarray(0, GROUP_BYTES));
  const u = integerOf(answer.state.subarray(GROUP_BYTES, GROUP_BYTES + 32));
  const b = integerOf(answer.state.subarray(GROUP_BYTES + 32));
  const key = sessionKey(sharedSecret(power, { A, u, b, v: verifierInteger(answer.verifier) }), u);
  const claim = Buffer.concat([Buffer.from(answer.poolName + answer.username, 'utf8'), answer.secretBlock, Buffer.from(answer.timestamp, 'utf8')]);
  return constantTimeEqual(hmacSha256(key, claim).toString('base64'), answer.signature);
}
