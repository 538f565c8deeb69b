import { millisOf } from '@rollcall/kernel';
import type { Database } from '@rollcall/platform-postgres';

import type { SingleUse } from '../application/single-use.js';
import { NOW } from './database-clock.js';

const REPEAT_MILLIS = 60_000;

/** A mark that is null equals none, itself included. */
const USE = `
  insert into authentication.single_use as s (id, expires_at, request_mark, used_at, pool_id, sub, correlation_id, operation, caller)
  values ($1, $2, $3, ${NOW}, $4, $5, $6, $7, $8)
  on conflict (id) do update set used_at = s.used_at
  where s.request_mark = excluded.request_mark and s.used_at > ${NOW} - ${REPEAT_MILLIS}`;

export const postgresSingleUse = ({ db }: { readonly db: Database }): SingleUse => ({
  async use(id, expiresAt, requestMark, { poolId, sub, correlationId, operation, caller }) {
    const mark = requestMark === undefined ? null : Buffer.from(requestMark, 'hex');
    const { count } = await db.query(USE, [id, millisOf(expiresAt), mark, poolId, sub ?? null, correlationId, operation, caller]);
    return count > 0;
  },
});
