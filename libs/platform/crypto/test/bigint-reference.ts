/** SRP-6a in plain BigInt, written from the formulas: slow, not constant-time, and independent of what ships. */
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { Power } from '../src/index.js';

export const N = BigInt(`0x${
  'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437'
  + '4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05'
  + '98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B'
  + 'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33'
  + 'A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864'
  + 'D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF'
}`);
export const k = 0x538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6n;

export const power: Power = (base, exponent) => {
  let result = 1n;
  for (let square = base % N, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % N) {
    if (rest & 1n) result = (result * square) % N;
  }
  return result;
};

/** Minimal two's complement, digit by digit. */
export const pad = (integer: bigint): Buffer => {
  const bytes: number[] = [];
  for (let rest = integer; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  if (bytes.length === 0 || (bytes[0] ?? 0) > 0x7f) bytes.unshift(0);
  return Buffer.from(bytes);
};
export const integer = (bytes: Uint8Array): bigint => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
const hash = (...parts: readonly (Uint8Array | string)[]): Buffer => parts.reduce((h, part) => h.update(part), createHash('sha256')).digest();

export interface Login {
  readonly poolName: string;
  readonly username: string;
  readonly password: string;
  readonly salt: Uint8Array;
}

export const x = (of: Login): bigint => integer(hash(pad(integer(of.salt)), hash(`${of.poolName}${of.username}:${of.password}`)));

/** What a client signs, from its own secret `a` and the server's B. */
export function clientSignature(of: Login, a: bigint, B: bigint, secretBlock: Uint8Array, timestamp: string): string {
  const A = power(2n, a);
  const u = integer(hash(pad(A), pad(B)));
  const base = (((B - k * power(2n, x(of))) % N) + N) % N;
  const S = power(base, a + u * x(of));
  const key = Buffer.from(hkdfSync('sha256', pad(S), pad(u), 'Caldera Derived Key', 16));
  return createHmac('sha256', key).update(of.poolName + of.username).update(secretBlock).update(timestamp).digest('base64');
}
