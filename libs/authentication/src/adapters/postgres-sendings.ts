import { txOf, type Database } from '@rollcall/platform-postgres';

import type { DueSending, Sendings } from '../application/sendings.js';
import { NOW } from './database-clock.js';

const HELD_MILLIS = 30_000;

const ADD = `
  insert into authentication.sending
    (message_id, pool_id, sub, kind, client_id, request_id, credential_id, mediums, expires_at, held, due_at, correlation_id, operation, caller)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ${NOW} + $11, $12, $13, $14)
  on conflict (message_id) do nothing`;

const RELEASE = `update authentication.sending set held = false, due_at = ${NOW} where message_id = $1 and held`;

const TAKE_DUE = `
  update authentication.sending set due_at = ${NOW} + $2, attempts = attempts + 1
  where message_id in (
    select message_id from authentication.sending where due_at <= ${NOW} order by due_at limit $1 for update skip locked)
  returning message_id as "messageId", pool_id as "poolId", sub, kind, client_id as "clientId", request_id as "requestId", credential_id as "credentialId",
    mediums, expires_at as "expiresAt", attempts, correlation_id as "correlationId"`;

type Row = { readonly [Member in keyof DueSending]: DueSending[Member] | null };

/** Messages to be sent, as rows. */
export const postgresSendings = ({ db }: { readonly db: Database }): Sendings => ({
  async add({ messageId, poolId, sub, kind, clientId, requestId, credentialId, mediums, expiresAt }, state, { correlationId, operation, caller }, tx) {
    const held = state === 'held';
    await txOf(tx).query(ADD, [
      messageId, poolId, sub, kind, clientId ?? null, requestId ?? null, credentialId ?? null, mediums, expiresAt, held, held ? HELD_MILLIS : 0,
      correlationId, operation, caller,
    ]);
  },
  async release(messageId) {
    await db.repeatable(RELEASE, [messageId]);
  },
  async takeDue(limit, holdMillis) {
    const { rows } = await db.query<Row>(TAKE_DUE, [limit, holdMillis]);
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as unknown as DueSending);
  },
  async retryIn(messageId, millis) {
    await db.repeatable(`update authentication.sending set due_at = ${NOW} + $2 where message_id = $1`, [messageId, millis]);
  },
  async remove(messageId, tx) {
    await (tx ? txOf(tx) : db).query('delete from authentication.sending where message_id = $1', [messageId]);
  },
});
