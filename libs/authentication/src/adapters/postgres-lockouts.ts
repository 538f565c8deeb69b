import type { Database } from '@rollcall/platform-postgres';

import type { LockoutKey, Lockouts } from '../application/lockouts.js';
import { NOW } from './database-clock.js';

export interface LockoutRules {
  /** Milliseconds of lock after 1, 2, 3, … failures; the last counts for all that follow. */
  readonly ladder: readonly number[];
  /** A row whose lock has been over for so long counts from zero. */
  readonly forgetMillis: number;
}

const COUNT_WRONG = `
  insert into authentication.lockout as l (person, source, failed, locked_until, failed_at, correlation_id, operation, caller)
  values ($1, $2, 1, ${NOW} + ($3::bigint[])[1], ${NOW}, $5, $6, $7)
  on conflict (person, source) do update set (failed, locked_until, failed_at, correlation_id, operation, caller) = (
    select f.failed, ${NOW} + ($3::bigint[])[least(f.failed, cardinality($3::bigint[]))], ${NOW}, excluded.correlation_id, excluded.operation, excluded.caller
    from (select case when l.locked_until + $4 <= ${NOW} then 1 else l.failed + 1 end as failed) f)
  where l.locked_until <= ${NOW}`;

/** The row is locked first, and read as the last writer left it: a lock set meanwhile by another process counts. */
const CLEAR = `
  with mine as materialized (select locked_until from authentication.lockout where person = $1 and source = $2 for update),
    gone as (delete from authentication.lockout where person = $1 and source = $2 and (select locked_until from mine) <= ${NOW})
  select coalesce((select locked_until from mine), 0) <= ${NOW} as open`;

/** Lock-outs as rows, written on failure and when failures are forgotten. */
export function postgresLockouts({ db, rules }: { readonly db: Database; readonly rules: LockoutRules }): Lockouts {
  const { ladder, forgetMillis } = rules;
  const keyOf = ({ person, source }: LockoutKey) => [Buffer.from(person, 'hex'), source];
  return {
    async isLocked(key) {
      const { rows } = await db.repeatable(`select from authentication.lockout where person = $1 and source = $2 and locked_until > ${NOW}`, keyOf(key));
      return rows.length > 0;
    },
    async countWrong(key, { correlationId, operation, caller }) {
      const { count } = await db.query(COUNT_WRONG, [...keyOf(key), ladder, forgetMillis, correlationId, operation, caller]);
      return count > 0;
    },
    async clear(key) {
      const { rows: [row] } = await db.query<{ open: boolean }>(CLEAR, keyOf(key));
      return row?.open === true;
    },
  };
}
