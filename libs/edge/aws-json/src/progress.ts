import type { CallContext } from '@rollcall/contracts';
import { DomainError } from '@rollcall/kernel';
import { uuidV7 } from '@rollcall/platform-crypto';

import type { AuditEntry, Rejection } from './audit-trail.js';
import { AwsException } from './aws-exception.js';
import type { TokenPrincipal } from './rows.js';
import type { InputPlace } from './service.js';
import type { Signer } from './sigv4/verify.js';

/** What is known of a call so far. */
export interface Progress {
  call: CallContext;
  place: InputPlace;
  signer?: Signer;
  principal?: TokenPrincipal;
  /** Exceptions that the operation lists. */
  listed: readonly string[];
  /** As what a failure at this point is counted; `undefined`: it is recorded. */
  counted: Rejection | undefined;
}

/**
 * As what a call is counted that ended so far, or `undefined` if it is recorded: every call whose signer or access token
 * was good, and every other that a row has looked at, unless it found no such pool or client and changed nothing.
 *
 * @param nowhere codes that mean: no such pool or client
 */
export function countedAs({ call, counted, signer, principal }: Progress, error: unknown, nowhere: ReadonlySet<string>): Rejection | undefined {
  if (!(error instanceof DomainError)) return counted;
  // A token that is refused although its signature is good names a real pool.
  if (counted === 'token' && detail(error, 'poolId') !== undefined) return undefined;
  if (counted === undefined && !signer && !principal && nowhere.has(error.code) && call.effects.eventIds.length === 0) return 'pool-or-client';
  return counted;
}

/** The record of a call that ended with an error, or without one. */
export function entryOf({ call, place, principal }: Progress, error: unknown, nowhere: ReadonlySet<string>, at: AuditEntry['at']): AuditEntry {
  // A pool or client that does not exist is no place to keep anything under.
  const somewhere = !(error instanceof DomainError && nowhere.has(error.code));
  const sub = call.effects.sub ?? principal?.sub ?? detail(error, 'sub');
  return {
    recordId: uuidV7(at),
    at,
    correlationId: call.correlationId,
    operation: call.operation,
    outcome: outcomeOf(error),
    caller: call.caller,
    poolId: somewhere ? (place.poolId ?? call.effects.poolId ?? detail(error, 'poolId')) : undefined,
    clientId: somewhere ? (place.clientId ?? detail(error, 'clientId')) : undefined,
    sub,
    typedName: somewhere && sub === undefined ? place.name : undefined,
    eventIds: call.effects.eventIds,
    source: call.source,
    userAgent: call.userAgent,
  };
}

function detail(error: unknown, name: string): string | undefined {
  const value = error instanceof DomainError ? error.details[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function outcomeOf(error: unknown): string {
  if (error === undefined) return 'ok';
  if (error instanceof DomainError) return error.code;
  return error instanceof AwsException ? error.type : 'Internal';
}
