import { txOf, type Database } from '@rollcall/platform-postgres';

import type { DuePool, PoolPurges } from '../application/pool-purges.js';

const ask = `
  insert into directory.pool_purge as p (pool_id, correlation_id, operation, held_until) values ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
  on conflict (pool_id) do update set due = true, wish = p.wish + 1`;
const askAgain = `update directory.pool_purge set due = true, wish = wish + 1 where pool_id = any ($1)`;
const take = `
  update directory.pool_purge set held_until = clock_timestamp() + $1 * interval '1 millisecond'
   where pool_id = (select pool_id from directory.pool_purge where due and held_until < clock_timestamp()
                     order by held_until limit 1 for update skip locked)
  returning pool_id as "poolId", wish::text, correlation_id as "correlationId", operation`;
const hold = `update directory.pool_purge set held_until = clock_timestamp() + $2 * interval '1 millisecond' where pool_id = $1`;
const done = `update directory.pool_purge set due = false, held_until = '-infinity' where pool_id = $1 and wish::text = $2`;

export interface PoolPurgesNeeds {
  readonly db: Database;
  /** How long after its deletion a pool is left alone: whoever had looked at it before is through then. */
  readonly settleMillis: number;
}

/** The table `pool_purge`, each change one statement. */
export const postgresPoolPurges = ({ db, settleMillis }: PoolPurgesNeeds): PoolPurges => ({
  ask: async ({ poolId, correlationId, operation }, tx) => void (await txOf(tx).query(ask, [poolId, correlationId, operation, settleMillis])),
  askAgain: async (poolIds, tx) => void (await txOf(tx).query(askAgain, [poolIds])),
  take: async (holdMillis) => (await db.query<DuePool>(take, [holdMillis])).rows[0],
  hold: async ({ poolId }, holdMillis) => void (await db.repeatable(hold, [poolId, holdMillis])),
  done: async ({ poolId, wish }) => void (await db.repeatable(done, [poolId, wish])),
});
