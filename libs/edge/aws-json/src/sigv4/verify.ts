import { timingSafeEqual } from 'node:crypto';

import { AwsException } from '../aws-exception.js';
import { header, type HttpRequest } from '../http-message.js';
import { basicIso, readAuthorization, type Authorization, type Scope } from './authorization.js';
import { canonicalRequest, sha256, signatureOf, stringToSign } from './canonical.js';

/** Whom an access key stands for, and what it may do. */
export interface SigningPrincipal {
  readonly accountId: string;
  readonly kind: 'administrator' | 'service';
  /** Operations allowed; empty: all. */
  readonly operations: readonly string[];
  /** Pools allowed; empty: all. */
  readonly pools: readonly string[];
}

export interface SigningKeyQuery extends Scope {
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
}

export interface SigningKey {
  /** HMAC(HMAC(HMAC(HMAC('AWS4' + secret, day), region), service), 'aws4_request'): an edge never sees the secret. */
  readonly key: Uint8Array;
  readonly principal: SigningPrincipal;
}

/** `undefined` for an access key that is unknown or no longer valid. */
export type SigningKeyOf = (query: SigningKeyQuery) => Promise<SigningKey | undefined>;

export interface Signer {
  readonly accessKeyId: string;
  /** The region that the client signed for. */
  readonly region: string;
  readonly principal: SigningPrincipal;
}

/** AWS's own tolerance. */
const SKEW_MS = 5 * 60_000;
/** Headers that decide what a request does: where they are sent they must be signed. */
const MUST_BE_SIGNED = ['x-amz-target', 'x-amz-security-token', 'x-amz-content-sha256', 'x-amz-date'];

const invalid = (message: string): AwsException => new AwsException('InvalidSignatureException', message, 403);

/**
 * Who signed a request (AWS Signature Version 4, in the Authorization header).
 *
 * @param now epoch milliseconds; the answer's Date header must tell the same clock, as clients correct theirs by it
 * @throws {AwsException} `MissingAuthenticationTokenException`, `IncompleteSignatureException`, `InvalidSignatureException`,
 *   `UnrecognizedClientException`
 */
export async function verifySignature(request: HttpRequest, service: string, now: number, signingKeyOf: SigningKeyOf): Promise<Signer> {
  const claim = readAuthorization(request);
  demandScope(claim, service);
  demandFresh(claim.date, now);
  demandSignedHeaders(request, claim);
  const { accessKeyId, day, region, sessionToken } = claim;
  const found = await signingKeyOf({ accessKeyId, sessionToken, day, region, service });
  if (!found) throw new AwsException('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);

  const expected = signatureOf(found.key, stringToSign(canonicalRequest(request, claim.signedHeaders), claim.date, claim));
  if (!timingSafeEqual(expected, Buffer.from(claim.signature, 'hex')) || !payloadMatches(request)) {
    throw invalid('The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. '
      + 'Consult the service documentation for details.');
  }
  return { accessKeyId, region, principal: found.principal };
}

function demandScope({ day, date, service: claimed }: Authorization, service: string): void {
  if (claimed !== service) throw invalid(`Credential should be scoped to correct service: '${service}'.`);
  if (day !== date.slice(0, 8)) throw invalid('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.');
}

function demandFresh(date: string, now: number): void {
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(at)) throw invalid('The date of the request is no date.');
  const server = basicIso(now);
  if (at < now - SKEW_MS) throw invalid(`Signature expired: ${date} is now earlier than ${basicIso(now - SKEW_MS)} (${server} - 5 min.)`);
  if (at > now + SKEW_MS) throw invalid(`Signature not yet current: ${date} is still later than ${basicIso(now + SKEW_MS)} (${server} + 5 min.)`);
}

function demandSignedHeaders(request: HttpRequest, { signedHeaders }: Authorization): void {
  if (signedHeaders.some((name, at) => name !== name.toLowerCase() || (at > 0 && name <= (signedHeaders[at - 1] as string)))) {
    throw invalid("'SignedHeaders' must be lower case and sorted.");
  }
  const required = ['host', ...MUST_BE_SIGNED.filter((name) => request.headers.has(name)), ...(request.headers.has('x-amz-date') ? [] : ['date'])];
  for (const name of required) {
    if (!signedHeaders.includes(name)) throw invalid(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
}

/** A payload hash that is sent must be the body's: this protocol knows no unsigned payloads. */
function payloadMatches(request: HttpRequest): boolean {
  const claimed = header(request, 'x-amz-content-sha256');
  return claimed === undefined || claimed === sha256(request.body);
}
