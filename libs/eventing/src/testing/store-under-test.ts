import { randomUUID } from 'node:crypto';

import type { EventId } from '@rollcall/kernel';

import type { AppendOptions, Checkpoints, Claims, Erasure, EventStore, NewEvent, Revision, Transaction, Transactions } from '../event-store.js';

/** A store as the contract suite needs it. */
export interface StoreUnderTest {
  readonly events: EventStore;
  readonly claims: Claims;
  readonly erasure: Erasure;
  readonly checkpoints: Checkpoints;
  readonly transactions: Transactions;
  /**
   * The same log, appended to the way a bad neighbour would: transactions that begin early, linger and are rolled back
   * (`StoreUnavailable('nothing-happened')`), answers that are lost (`'unknown'`).
   * @param random from 0 to below 1
   */
  unruly(random: () => number): Pick<EventStore, 'append'>;
  /** As if somebody had changed one byte of the event's data outside Rollcall. */
  tamper(stream: string, revision: Revision): Promise<void>;
  readonly journal: Journal;
  close(): Promise<void>;
}

/** Notes that are kept with their transaction or not at all. */
export interface Journal {
  add(tx: Transaction, page: string, entries: readonly string[]): Promise<void>;
  /** In the order of writing. */
  entries(page: string): Promise<readonly string[]>;
}

export const by: AppendOptions = { meta: { correlationId: 'call 1', operation: 'Test', caller: { kind: 'service', id: 'contract' } } };

/** An event that nobody appended before. */
export const fresh = (data: unknown = {}, more: Partial<NewEvent> = {}): NewEvent => ({ id: randomUUID() as EventId, type: 'test.happened', version: 1, data, ...more });

/** Numbers from 0 to below 1, always the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
