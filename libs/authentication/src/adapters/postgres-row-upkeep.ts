import { txOf, type Database } from '@rollcall/platform-postgres';

import type { RowUpkeep } from '../application/row-upkeep.js';
import { NOW } from './database-clock.js';

const HOUR_MILLIS = 3_600_000;

/**
 * When a row has had its day. What calls did stays an hour longer than it decides anything, for the audit's sweep.
 */
const over: Readonly<Record<string, string>> = {
  lockout: `locked_until < ${NOW} - ${HOUR_MILLIS}`,
  single_use: `expires_at < ${NOW} - ${HOUR_MILLIS}`,
  code_request: `expires_at < ${NOW} - ${HOUR_MILLIS}`,
  budget: `started_at < ${NOW} - ${HOUR_MILLIS}`,
};

const sweeps = Object.entries(over).map(([table, condition]) =>
  `delete from authentication.${table} where ctid = any (array(select ctid from authentication.${table} where ${condition} limit $1 for update skip locked))`);

const purges = ['sending', 'code_request', 'credential_review'].map((table) => `delete from authentication.${table} where pool_id = $1 and sub = $2`);

/** Deletes rows in short statements. */
export const postgresRowUpkeep = ({ db }: { readonly db: Database }): RowUpkeep => ({
  async sweep(limit) {
    let swept = 0;
    for (const sweep of sweeps) swept += (await db.repeatable(sweep, [limit])).count;
    return swept;
  },
  async purgePerson(poolId, sub, tx) {
    for (const purge of purges) await txOf(tx).query(purge, [poolId, sub]);
  },
});
