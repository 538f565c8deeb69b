import { createPrivateKey, createPublicKey, generateKeyPair, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { sha256 } from './digest.js';

/** A public RSA key as a JWKS publishes it (RFC 7517). */
export interface RsaPublicJwk {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly alg: 'RS256';
  readonly use: 'sig';
}

export interface RsaKeyPair {
  /** RFC 7638 thumbprint of the public key: 43 characters of base64url. */
  readonly kid: string;
  readonly publicJwk: RsaPublicJwk;
  /** PKCS #8 DER, about 1.2 KB. Secret: to be sealed. */
  readonly privateDer: Buffer;
}

const generate = promisify(generateKeyPair);
const signAsync = promisify<string, Uint8Array, KeyObject, Buffer>(sign);

/** RSA-2048, made on libuv's pool: 0.15 CPU seconds, at worst 0.5. */
export async function generateRsaKeyPair(): Promise<RsaKeyPair> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2_048 });
  const publicJwk = rsaPublicJwk(publicKey);
  return { kid: publicJwk.kid, publicJwk, privateDer: privateKey.export({ format: 'der', type: 'pkcs8' }) };
}

/** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3), on libuv's pool: 0.28 ms. */
export const signRs256 = (key: KeyObject, data: Uint8Array): Promise<Buffer> => signAsync('sha256', data, key);

/** A stored private key, ready to sign: 0.5 ms, so keep the result. */
export const rsaPrivateKey = (der: Buffer): KeyObject => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });

/** A published key, ready to verify. */
export const rsaPublicKey = ({ kty, n, e }: Pick<RsaPublicJwk, 'kty' | 'n' | 'e'>): KeyObject => createPublicKey({ key: { kty, n, e }, format: 'jwk' });

/** @throws {TypeError} for a key that is not RSA */
export function rsaPublicJwk(publicKey: KeyObject): RsaPublicJwk {
  const { n, e, kty } = publicKey.export({ format: 'jwk' });
  if (kty !== 'RSA' || !n || !e) throw new TypeError('not an RSA key');
  const kid = sha256(JSON.stringify({ e, kty, n })).toString('base64url'); // members in this order: RFC 7638 section 3
  return { kty, n, e, kid, alg: 'RS256', use: 'sig' };
}
