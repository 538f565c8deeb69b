import { txOf, type Database } from '@rollcall/platform-postgres';

import type { CodeKey, CodeRequests } from '../application/code-requests.js';
import { NOW } from './database-clock.js';

const REPEAT_MILLIS = 60_000;

const ASK = `
  insert into authentication.code_request as c (pool_id, sub, purpose, request_id, expires_at, made_at, correlation_id, operation, caller)
  values ($1, $2, $3, $4, ${NOW} + $5, ${NOW}, $6, $7, $8)
  on conflict (pool_id, sub, purpose) do update set request_id = excluded.request_id, expires_at = excluded.expires_at, tries = 0, used_at = null,
    used_by = null, made_at = excluded.made_at, correlation_id = excluded.correlation_id, operation = excluded.operation, caller = excluded.caller
  where c.request_id <> excluded.request_id`;

const TAKE_TRY = `
  update authentication.code_request set tries = tries + (used_at is null)::integer
  where pool_id = $1 and sub = $2 and purpose = $3 and expires_at > ${NOW}
    and ((used_at is null and tries < $4) or (used_by = $5 and used_at > ${NOW} - ${REPEAT_MILLIS}))
  returning request_id as "requestId"`;

const USE = `
  update authentication.code_request set used_at = coalesce(used_at, ${NOW}), used_by = $5
  where pool_id = $1 and sub = $2 and purpose = $3 and request_id = $4 and (used_at is null or used_by = $5)`;

const REOPEN = `
  update authentication.code_request set used_at = null, used_by = null
  where pool_id = $1 and sub = $2 and purpose = $3 and request_id = $4 and used_by = $5`;

const IS_ALIVE = `
  select from authentication.code_request
  where pool_id = $1 and sub = $2 and purpose = $3 and request_id = $4 and used_at is null and expires_at > ${NOW}`;

/** Codes that were asked for, as rows. */
export function postgresCodeRequests({ db }: { readonly db: Database }): CodeRequests {
  const keyOf = ({ poolId, sub, purpose }: CodeKey) => [poolId, sub, purpose];
  const bytes = (mark: string) => Buffer.from(mark, 'hex');
  return {
    async ask(key, requestId, ttlSeconds, { correlationId, operation, caller }, tx) {
      await txOf(tx).query(ASK, [...keyOf(key), requestId, ttlSeconds * 1000, correlationId, operation, caller]);
    },
    async takeTry(key, maxTries, useMark) {
      const { rows: [row] } = await db.query<{ requestId: string }>(TAKE_TRY, [...keyOf(key), maxTries, bytes(useMark)]);
      return row?.requestId;
    },
    use: async (key, requestId, useMark) => (await db.repeatable(USE, [...keyOf(key), requestId, bytes(useMark)])).count > 0,
    async reopen(key, requestId, useMark) {
      await db.repeatable(REOPEN, [...keyOf(key), requestId, bytes(useMark)]);
    },
    isAlive: async (key, requestId) => (await db.repeatable(IS_ALIVE, [...keyOf(key), requestId])).rows.length > 0,
  };
}
