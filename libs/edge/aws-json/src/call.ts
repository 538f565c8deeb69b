import { createHash, randomUUID } from 'node:crypto';

import { noEffects, type CallContext, type Caller } from '@rollcall/contracts';
import { epochMillis, type EpochMillis } from '@rollcall/kernel';

import { header, type HttpRequest } from './http-message.js';

/** SDKs give up after some ten seconds at the earliest. */
const CALL_MS = 10_000;
const LONGEST_USER_AGENT = 512;
const LONGEST_INVOCATION_ID = 128;

export const anonymous: Caller = { kind: 'anonymous', id: '' };

/** The context of a call whose caller and input are not known yet. */
export function openCall(request: HttpRequest, operation: string, now: EpochMillis): CallContext {
  return {
    correlationId: randomUUID(),
    operation,
    deadline: epochMillis(now + CALL_MS),
    caller: anonymous,
    source: request.source,
    userAgent: header(request, 'user-agent')?.slice(0, LONGEST_USER_AGENT),
    clientMetadata: {},
    effects: noEffects(),
  };
}

/**
 * Names a request that a client may send again: SHA-256 (hex) over caller, invocation id, operation and body. A client's
 * retries bear the same id; without the header nothing tells a retry from a second request.
 */
export function requestKeyOf(request: HttpRequest, operation: string, caller: Caller): string | undefined {
  const invocation = header(request, 'amz-sdk-invocation-id')?.trim();
  if (!invocation || invocation.length > LONGEST_INVOCATION_ID) return undefined;
  return createHash('sha256').update(JSON.stringify([caller.kind, caller.id, invocation, operation])).update('\n').update(request.body).digest('hex');
}
