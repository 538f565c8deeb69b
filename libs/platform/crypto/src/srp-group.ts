import { getDiffieHellman } from 'node:crypto';
import { sha256 } from './digest.js';
import { integerOf, paddedBytes } from './integer.js';

/** RFC 3526 group 15, 3072 bits, big-endian. */
export const primeBytes: Buffer = getDiffieHellman('modp15').getPrime();
export const N: bigint = integerOf(primeBytes);
export const g = 2n;
/** k = SHA-256(00 || N || 02). */
export const k: bigint = integerOf(sha256(Buffer.concat([paddedBytes(N), paddedBytes(g)])));
/** Bytes of an integer below N. */
export const GROUP_BYTES = 384;
