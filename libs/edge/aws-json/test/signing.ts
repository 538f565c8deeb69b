import { createHash, createHmac } from 'node:crypto';

import type { HttpRequest } from '../src/index.js';

const hmac = (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text).digest();

/** The documentation's example secret. */
export const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

export const signingKey = (day = '20261124', region = 'us-east-1', service = 'library', secret = SECRET): Buffer =>
  hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request');

/** How a request is signed; every member is a way to get it wrong. */
export interface Signing {
  readonly unsigned?: boolean;
  readonly accessKeyId?: string;
  readonly secret?: string;
  readonly date?: string;
  readonly day?: string;
  readonly region?: string;
  readonly service?: string;
  readonly terminator?: string;
  /** Headers added or replaced before signing. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers added or replaced after signing. */
  readonly tampered?: Readonly<Record<string, string>>;
  readonly unsignedHeaders?: readonly string[];
  readonly contentType?: string;
  readonly method?: string;
}

/** A request signed by hand, by the letter of AWS's description and not by the code under test. */
export function signed(target: string, body: string | Uint8Array, how: Signing = {}): HttpRequest {
  const { date = '20261124T120000Z', region = 'us-east-1', service = 'library', terminator = 'aws4_request', method = 'POST' } = how;
  const day = how.day ?? date.slice(0, 8);
  const bytes = Buffer.from(body);
  const headers: Record<string, string> = {
    'content-type': how.contentType ?? 'application/x-amz-json-1.1', host: 'localhost:9400', 'x-amz-date': date, 'x-amz-target': target, ...how.headers,
  };
  const names = Object.keys(headers).filter((name) => !how.unsignedHeaders?.includes(name)).sort();
  const hash = createHash('sha256').update(bytes).digest('hex');
  const canonical = [method, '/', '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), hash].join('\n');
  const scope = `${day}/${region}/${service}/${terminator}`;
  const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const signature = hmac(signingKey(day, region, service, how.secret), text).toString('hex');
  if (!how.unsigned) {
    headers['authorization'] = `AWS4-HMAC-SHA256 Credential=${how.accessKeyId ?? 'AKIDEXAMPLE'}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  }
  return { method, url: '/', headers: new Map(Object.entries({ ...headers, ...how.tampered }).map(([name, value]) => [name, [value]])), body: bytes, source: '192.0.2.7' };
}
