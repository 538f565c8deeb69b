import type { Caused, Transaction } from '@rollcall/eventing';

import type { RevocationReason } from '../domain/family.events.js';
import type { Family, KeptFamily, PresentedToken } from '../domain/refresh-rules.js';

/** Who is to be named for a row, in the audit as in the log. */
export type Cause = Pick<Caused, 'correlationId' | 'operation' | 'caller'>;

/** A revocation in the decision table whose event may not be in the log yet. */
export interface Revocation {
  readonly family: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly sub: string;
  readonly reason: RevocationReason;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly cause: Cause;
}

export interface Purge {
  readonly scope: 'user' | 'client' | 'pool';
  readonly poolId: string;
  /** Of the user or client; empty for a pool. */
  readonly id: string;
}

/**
 * Refresh families and their tokens, known by hash alone: a decision table. Every change is one conditional statement,
 * every time the database's clock.
 */
export interface Families {
  /**
   * Keeps a new family with its first token.
   * @returns how long ago a family of this id was born, which is then left as it is; `undefined` if it was born now
   */
  begin(family: Family, first: Uint8Array, ttlSeconds: number, cause: Cause): Promise<number | undefined>;
  find(family: string): Promise<KeptFamily | undefined>;
  /** @param successor hash of what this request would exchange the token for: tells a repeat */
  present(token: Uint8Array, successor: Uint8Array): Promise<PresentedToken | undefined>;
  /** Exchanges a token that was never exchanged, of a family alive. `false`: nothing happened, look again. */
  rotate(token: Uint8Array, successor: Uint8Array, cause: Cause): Promise<boolean>;
  /** One more successor of a token that was exchanged less than the grace ago. `false`: nothing happened, look again. */
  addSibling(token: Uint8Array, sibling: Uint8Array, graceMillis: number, cause: Cause): Promise<boolean>;
  /**
   * Ends a family once, and notes in the same statement that the log has to be told.
   * @param request hash that stands for the request, as `successor` in `present`
   * @returns what the log has to be told; `undefined` if it was revoked before or is gone
   */
  revoke(family: string, reason: RevocationReason, cause: Cause, request?: Uint8Array): Promise<Revocation | undefined>;
  /** Revocations made so long ago that the log should know them, the oldest first; those after one, where it is given. */
  untold(olderThanMillis: number, limit: number, after?: Revocation): Promise<readonly Revocation[]>;
  told(family: string): Promise<void>;

  /** Has the sweeper delete all families of a user, client or pool: there may be very many. */
  purgeLater(of: Purge, tx: Transaction): Promise<void>;
  /**
   * Deletes families that are to be purged, and those that expired so long ago that no access token of theirs lives.
   * @returns how many, `limit` at most; 0: nothing is left to do
   */
  sweep(limit: number): Promise<number>;
}
