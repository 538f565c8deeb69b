import type { StoredEvent, Transaction } from '@rollcall/eventing';
import type { PoolId } from '@rollcall/kernel';

import { idsIn } from '../domain/streams.js';

/** A deleted pool of which something may be left. */
export interface DuePool {
  readonly poolId: PoolId;
  /** Tells this wish to purge it from a later one. */
  readonly wish: string;
  /** The call that deleted the pool. */
  readonly correlationId: string;
  readonly operation: string;
}

/** The deleted pools, remembered for ever: whoever begins in one is found by it. */
export interface PoolPurges {
  ask(pool: Readonly<{ poolId: string; correlationId: string; operation: string }>, tx: Transaction): Promise<void>;
  /** Asks again for those of these pools that are deleted. */
  askAgain(poolIds: readonly string[], tx: Transaction): Promise<void>;
  /** One due pool, which nobody else gets for `holdMillis`. */
  take(holdMillis: number): Promise<DuePool | undefined>;
  /** Keeps it for so long again. */
  hold(pool: DuePool, holdMillis: number): Promise<void>;
  /** Nothing is left, unless it was asked for again meanwhile. */
  done(pool: DuePool): Promise<void>;
}

/** A call that had looked at the pool before its deletion can make these after it. */
const beginnings: ReadonlySet<string> = new Set(['directory.user.signed-up', 'directory.user.created', 'directory.client.created']);

export const concernsPurges = ({ type }: StoredEvent): boolean => type === 'directory.pool.deleted' || beginnings.has(type);

/** Notes which pools are to be purged, in the transaction that moves the reader of the log on. */
export const notePurges = (purges: PoolPurges) => async (events: readonly StoredEvent[], tx: Transaction): Promise<void> => {
  for (const { type, stream, meta: { correlationId, operation } } of events) {
    if (type === 'directory.pool.deleted') await purges.ask({ poolId: idsIn(stream)[0], correlationId, operation }, tx);
  }
  const begun = new Set(events.filter(({ type }) => beginnings.has(type)).map(({ stream }) => idsIn(stream)[0]));
  if (begun.size > 0) await purges.askAgain([...begun], tx);
};
