import { createHash, createHmac } from 'node:crypto';

import type { HttpRequest } from '../http-message.js';
import type { Scope } from './authorization.js';

/** RFC 3986: all but letters, digits, `-`, `.`, `_`, `~` is encoded, in upper case. */
const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % is signed as it stands
  }
}

/** The path without `.`, `..` and empty segments, encoded once more: every service but S3 signs it so. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const slash = segments.length > 0 && /\/\.{0,2}$/.test(path) ? '/' : '';
  return `/${segments.map(encode).join('/')}${slash}`;
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return at < 0 ? [encode(decode(pair)), ''] : [encode(decode(pair.slice(0, at))), encode(decode(pair.slice(at + 1)))];
  });
  return pairs.sort(([a, av], [b, bv]) => byCodeUnit(a, b) || byCodeUnit(av, bv)).map(([key, value]) => `${key}=${value}`).join('&');
}

const canonicalValue = (lines: readonly string[]): string => lines.map((line) => line.trim().replace(/ +/g, ' ')).join(',');

export const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

/**
 * The request as both sides must write it before signing.
 * @param signedHeaders names in lower case, in the order in which the client lists them
 * @see AWS General Reference, "Create a signed AWS API request", step 1
 */
export function canonicalRequest({ method, url, headers, body }: HttpRequest, signedHeaders: readonly string[]): string {
  const at = url.indexOf('?');
  const [path, query] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
  return [
    method,
    canonicalPath(path),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${canonicalValue(headers.get(name) ?? [])}`),
    '',
    signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
}

/** @param date of the request, `YYYYMMDDTHHMMSSZ` */
export const stringToSign = (canonical: string, date: string, { day, region, service }: Scope): string =>
  ['AWS4-HMAC-SHA256', date, `${day}/${region}/${service}/aws4_request`, sha256(canonical)].join('\n');

export const signatureOf = (signingKey: Uint8Array, text: string): Buffer => createHmac('sha256', signingKey).update(text).digest();
