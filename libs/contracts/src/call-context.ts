import type { EpochMillis } from '@rollcall/kernel';

import type { CallContext as WireContext } from './gen/rollcall/common/v1/call.js';

export type CallerKind = 'anonymous' | 'user' | 'administrator' | 'service' | 'operator';

export interface Caller {
  readonly kind: CallerKind;
  /** Access key id, sub, client id or service name; empty for anonymous. */
  readonly id: string;
}

/** What a call did, gathered for its audit record by everyone who did something; read by the first entry alone. */
export interface Effects {
  sub?: string | undefined;
  /** Where a request belongs that names a client alone, or that made the pool. */
  poolId?: string | undefined;
  readonly eventIds: string[];
}

export const noEffects = (): Effects => ({ eventIds: [] });

/** What travels with every call beside its request. */
export interface CallContext {
  /** Id of the whole request, UUID; the x-amzn-RequestId of its answer. */
  readonly correlationId: string;
  /** Operation that the first entry was asked for, e.g. `InitiateAuth`. */
  readonly operation: string;
  /** After this nobody waits for the answer. */
  readonly deadline: EpochMillis;
  readonly caller: Caller;
  /** Address of the peer, or what a trusted proxy vouches for. */
  readonly source?: string | undefined;
  readonly userAgent?: string | undefined;
  /** Device data as the client's script sent it, opaque. */
  readonly encodedData?: string | undefined;
  readonly clientMetadata: Readonly<Record<string, string>>;
  /** SHA-256 (hex) over caller, invocation id, operation and body; absent without an invocation id. Never stored. */
  readonly requestKey?: string | undefined;
  readonly effects: Effects;
}

/** The context as it goes over the wire: everything but the effects, which come back beside the answer. */
export const contextToWire = ({ effects: _, clientMetadata, caller, ...rest }: CallContext): WireContext =>
  ({ ...rest, caller: { ...caller }, clientMetadata: { ...clientMetadata } });

/** The context as the callee sees it, with effects of its own. */
export const contextFromWire = (wire: WireContext): CallContext => ({
  ...wire,
  deadline: wire.deadline as EpochMillis,
  caller: { kind: (wire.caller?.kind ?? 'anonymous') as CallerKind, id: wire.caller?.id ?? '' },
  effects: noEffects(),
});
