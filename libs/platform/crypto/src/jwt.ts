import { verify, type KeyObject } from 'node:crypto';
import { decodeBase64Url } from './strict-base64.js';

/** Longer tokens are refused unread. */
export const JWT_MAX_CHARACTERS = 16_384;

/** The encoded header of all tokens that one key signs: make it once per key. */
export const jwtHeader = (kid: string): string => encoded({ kid, alg: 'RS256' });

/**
 * A compact RS256 token (RFC 7515 section 7.1).
 *
 * @param header from `jwtHeader`
 * @param sign signs with the private key of that kid
 */
export async function signJwt(header: string, claims: object, sign: (data: Uint8Array) => Promise<Uint8Array>): Promise<string> {
  const content = `${header}.${encoded(claims)}`;
  const signature = await sign(Buffer.from(content, 'ascii'));
  return `${content}.${Buffer.from(signature).toString('base64url')}`;
}

export interface VerifiedJwt {
  readonly kid: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Checks form and signature of a token of our own making. The claims (`exp`, `iss`, `token_use`, …) are the caller's to check.
 *
 * Denies by default: three parts in canonical base64url; a header of `kid`, `alg` and at most `typ`, so that nothing in it
 * (`crit`, `jwk`, `jku`, `x5u`, `x5c`, `zip`, `b64`) can steer the check; `alg` RS256 only, with an RSA key found by `kid`.
 *
 * @param findKey the public key of a kid; undefined for one that does not sign here
 * @returns undefined for any token that does not pass
 */
export async function verifyJwtRs256(
  token: string,
  findKey: (kid: string) => KeyObject | undefined | Promise<KeyObject | undefined>,
): Promise<VerifiedJwt | undefined> {
  if (token.length > JWT_MAX_CHARACTERS) return undefined;
  const [header64, claims64, signature64, ...more] = token.split('.');
  if (header64 === undefined || claims64 === undefined || signature64 === undefined || more.length > 0) return undefined;
  const header = objectOf(header64);
  const signature = decodeBase64Url(signature64);
  if (!header || !signature || !isOurs(header)) return undefined;
  const key = await findKey(header.kid);
  if (!key || key.type !== 'public' || key.asymmetricKeyType !== 'rsa') return undefined;
  if (!verify('sha256', Buffer.from(`${header64}.${claims64}`, 'utf8'), key, signature)) return undefined;
  const claims = objectOf(claims64);
  return claims && { kid: header.kid, claims };
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

function isOurs(header: Readonly<Record<string, unknown>>): header is { readonly kid: string; readonly alg: 'RS256' } {
  const { kid, alg, typ, ...others } = header;
  return typeof kid === 'string' && alg === 'RS256' && (typ === undefined || typeof typ === 'string') && Object.keys(others).length === 0;
}

function objectOf(part: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = decodeBase64Url(part);
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // not JSON: a stranger's text, nothing to report
  }
}
