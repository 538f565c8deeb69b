/**
 * Cognito's SRP as a client does it, in plain arithmetic and one place, so that a test may deviate at every step. What
 * unmodified clients do is tested with those clients.
 */
import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes } from 'node:crypto';

/** RFC 3526 group 15. */
export const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);
const g = 2n;

const hexOf = (n: bigint): string => n.toString(16);
const integerOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const sha256 = (...parts: readonly (Uint8Array | string)[]): Buffer => parts.reduce<ReturnType<typeof createHash>>((hash, part) => hash.update(part), createHash('sha256')).digest();

/** Every integer is hashed as two's complement, big-endian and as short as can be. */
function padded(n: bigint): Buffer {
  const hex = hexOf(n);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [square, left] = [base % N, exponent]; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

const k = integerOf(sha256(padded(N), padded(g)));

/** The first half of a sign-in; `a` stays with the client. */
export interface SrpBegun {
  readonly a: bigint;
  readonly SRP_A: string;
}

export function srpBegin(): SrpBegun {
  const a = integerOf(randomBytes(32));
  return { a, SRP_A: hexOf(power(g, a)) };
}

/** ChallengeParameters of PASSWORD_VERIFIER. */
export type SrpChallenge = Readonly<Record<'SALT' | 'SRP_B' | 'SECRET_BLOCK' | 'USER_ID_FOR_SRP', string>>;

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `EEE MMM d HH:mm:ss 'UTC' yyyy`, English, the day without a leading zero. */
export const srpTimestamp = (at: Date): string =>
  `${weekdays[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${at.getUTCDate()} ${at.toISOString().slice(11, 19)} UTC ${at.getUTCFullYear()}`;

/** x: what a password comes to with its salt. */
const secretOf = (poolId: string, { SALT, USER_ID_FOR_SRP }: Pick<SrpChallenge, 'SALT' | 'USER_ID_FOR_SRP'>, password: string): bigint =>
  integerOf(sha256(padded(BigInt(`0x${SALT}`)), sha256(`${poolId.split('_')[1]}${USER_ID_FOR_SRP}:${password}`)));

/** What a server keeps in place of the password, in 384 bytes. */
export const srpVerifier = (poolId: string, challenge: SrpChallenge, password: string): Buffer =>
  Buffer.from(hexOf(power(g, secretOf(poolId, challenge, password))).padStart(768, '0'), 'hex');

export interface SrpProof {
  readonly poolId: string;
  readonly password: string;
  readonly begun: SrpBegun;
  readonly challenge: SrpChallenge;
  /** Now, unless told. */
  readonly timestamp?: string;
}

/** ChallengeResponses to PASSWORD_VERIFIER. */
export function srpClaim({ poolId, password, begun: { a, SRP_A }, challenge, timestamp = srpTimestamp(new Date()) }: SrpProof): Record<string, string> {
  const { SRP_B, SECRET_BLOCK, USER_ID_FOR_SRP } = challenge;
  const [poolName = '', B] = [poolId.split('_')[1], BigInt(`0x${SRP_B}`)];
  const u = integerOf(sha256(padded(BigInt(`0x${SRP_A}`)), padded(B)));
  const x = secretOf(poolId, challenge, password);
  const S = power((((B - k * power(g, x)) % N) + N) % N, a + u * x);
  const key = Buffer.from(hkdfSync('sha256', padded(S), padded(u), 'Caldera Derived Key', 16));
  const signature = createHmac('sha256', key).update(poolName).update(USER_ID_FOR_SRP).update(Buffer.from(SECRET_BLOCK, 'base64')).update(timestamp).digest('base64');
  return { USERNAME: USER_ID_FOR_SRP, PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK, PASSWORD_CLAIM_SIGNATURE: signature, TIMESTAMP: timestamp };
}
