import { createHash, hkdfSync, randomBytes } from 'node:crypto';

/** The 3072-bit group of RFC 3526, section 4. */
const N = BigInt(`0x${[
  'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245',
  'E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F',
  '83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9',
  'DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7',
  'ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB31',
  '43DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
].join('')}`);
const g = 2n;

/** Big-endian two's complement without needless bytes, as Amazon's clients hash numbers. */
function padded(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}
const hashed = (...parts: readonly (Buffer | string)[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
const k = numberOf(hashed(padded(N), padded(g)));

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = ((base % N) + N) % N, e = exponent; e > 0n; e >>= 1n, b = (b * b) % N) if (e & 1n) result = (result * b) % N;
  return result;
}

/** The client's side of SRP-6a as Cognito has it, written down plainly. */
export function srpClient() {
  const a = numberOf(randomBytes(32));
  const A = power(g, a);
  return {
    A: A.toString(16),
    /** The key that signs the claim. */
    key({ poolName, username, password, salt, B }: Readonly<Record<'poolName' | 'username' | 'password' | 'salt' | 'B', string>>): Buffer {
      const serverB = BigInt(`0x${B}`);
      const u = numberOf(hashed(padded(A), padded(serverB)));
      const x = numberOf(hashed(padded(BigInt(`0x${salt}`)), hashed(`${poolName}${username}:${password}`)));
      const S = power(serverB - k * power(g, x), a + u * x);
      return Buffer.from(hkdfSync('sha256', padded(S), padded(u), 'Caldera Derived Key', 16));
    },
  };
}
