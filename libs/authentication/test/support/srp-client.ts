import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes } from 'node:crypto';

import { poolId } from './fake-directory.js';

const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);
const g = 2n;

const integerOf = (bytes: Uint8Array): bigint => BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
/** As Java's BigInteger writes it. */
const padded = (value: bigint): Buffer => {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(Number.parseInt(even.slice(0, 2), 16) > 127 ? `00${even}` : even, 'hex');
};
const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const power = (base: bigint, exponent: bigint): bigint => {
  let [result, square] = [1n, base % N];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
};
const k = integerOf(sha256(padded(N), padded(g)));

export const GROUP_PRIME = N;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
export function timestampOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  return `${weekdays[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${at.getUTCDate()} ${clock} UTC ${at.getUTCFullYear()}`;
}

/** The client's side of SRP, as Amazon's does it (which the crypto library is tested against). */
export function srpClient(pool = poolId) {
  const poolName = pool.split('_')[1] ?? '';
  const a = integerOf(randomBytes(32));
  const A = power(g, a);
  return {
    A: A.toString(16),
    /** Answers to PASSWORD_VERIFIER. */
    answer({ USER_ID_FOR_SRP = '', SRP_B = '', SALT = '', SECRET_BLOCK = '' }: Readonly<Record<string, string>>, password: string, timestamp = timestampOf(new Date())) {
      const [B, salt] = [BigInt(`0x${SRP_B}`), BigInt(`0x${SALT}`)];
      const u = integerOf(sha256(padded(A), padded(B)));
      const x = integerOf(sha256(padded(salt), sha256(Buffer.from(`${poolName}${USER_ID_FOR_SRP}:${password}`))));
      const S = power((((B - k * power(g, x)) % N) + N) % N, a + u * x);
      const key = Buffer.from(hkdfSync('sha256', padded(S), padded(u), 'Caldera Derived Key', 16));
      const message = Buffer.concat([Buffer.from(poolName + USER_ID_FOR_SRP), Buffer.from(SECRET_BLOCK, 'base64'), Buffer.from(timestamp)]);
      return {
        USERNAME: USER_ID_FOR_SRP, PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK, TIMESTAMP: timestamp,
        PASSWORD_CLAIM_SIGNATURE: createHmac('sha256', key).update(message).digest('base64'),
      };
    },
  };
}
