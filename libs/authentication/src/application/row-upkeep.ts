import type { Transaction } from '@rollcall/eventing';

/** Rows that have had their day, over all tables of the service. */
export interface RowUpkeep {
  /** Deletes some of them. @returns how many; 0 when none are left */
  sweep(limit: number): Promise<number>;
  /** Everything that is kept about a user. What is kept under a keyed hash alone ends by itself, within the hour. */
  purgePerson(poolId: string, sub: string, tx: Transaction): Promise<void>;
}
