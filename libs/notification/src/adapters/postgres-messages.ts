import type { Sealing } from '@rollcall/eventing';
import { epochMillis } from '@rollcall/kernel';
import { txOf, type Database } from '@rollcall/platform-postgres';

import type { Message, Messages, TakenMessage, UnreadableMessage } from '../application/messages.js';

const NOW = '(extract(epoch from clock_timestamp()) * 1000)::bigint';
/** How long the id of a message that is done with is remembered. */
const REMEMBER_MILLIS = 86_400_000;

interface Row {
  readonly message_id: string;
  readonly pool_id: string;
  readonly sub: string | null;
  readonly sealed: Buffer;
  readonly attempts: number;
  readonly accepted_at: number;
}

/** Messages as rows of the notification service's schema. */
export function postgresMessages({ db, sealing }: { readonly db: Database; readonly sealing: Pick<Sealing, 'sealFor' | 'openFor'> }): Messages {
  const purpose = (messageId: string) => `message/${messageId}`;
  const open = async (row: Row): Promise<Message | undefined> => {
    const plain = await sealing.openFor({ poolId: row.pool_id, sub: row.sub ?? undefined }, purpose(row.message_id), row.sealed);
    return plain && (JSON.parse(plain.toString()) as Message);
  };

  return {
    async accept(message, delivers) {
      const sealed = await sealing.sealFor({ poolId: message.poolId, sub: message.sub }, purpose(message.messageId), Buffer.from(JSON.stringify(message)));
      await db.repeatable(
        `insert into notification.message (message_id, pool_id, sub, channel, state, sealed, due_at, accepted_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, ${NOW}, ${NOW}, $7) on conflict (message_id) do nothing`,
        [message.messageId, message.poolId, message.sub ?? null, message.channel, delivers ? 'queued' : 'outbox', sealed, message.expiresAt],
      );
    },

    async takeDue(limit, holdMillis) {
      const { rows } = await db.query<Row>(
        `update notification.message set due_at = ${NOW} + $2, attempts = attempts + 1
         where message_id in (
           select message_id from notification.message where state = 'queued' and due_at <= ${NOW} and expires_at > ${NOW}
           order by due_at limit $1 for update skip locked)
         returning message_id, pool_id, sub, sealed, attempts, accepted_at`,
        [limit, holdMillis],
      );
      const taken = await Promise.all(rows.map(async (row): Promise<TakenMessage | UnreadableMessage | undefined> => {
        const { message_id: messageId, attempts } = row;
        try {
          const message = await open(row);
          return message && { message, attempts };
        } catch (fault) {
          return { messageId, attempts, fault };
        }
      }));
      // A person who is erased gets no mail: what cannot be opened any more waits for the sweep.
      return taken.filter((each) => each !== undefined);
    },

    async delivered(messageId) {
      await db.repeatable(`update notification.message set state = 'delivered', sealed = null where message_id = $1`, [messageId]);
    },

    async failed(messageId) {
      await db.repeatable(`update notification.message set state = 'failed', sealed = null where message_id = $1`, [messageId]);
    },

    async retryAt(messageId, at) {
      await db.repeatable(`update notification.message set due_at = $2 where message_id = $1 and state = 'queued'`, [messageId, at]);
    },

    async outbox(limit, to) {
      // The address is sealed, so a filter opens rows; the outbox is for development and holds what has not expired.
      const { rows } = await db.repeatable<Row>(
        `select message_id, pool_id, sub, sealed, attempts, accepted_at from notification.message
         where state = 'outbox' and expires_at > ${NOW} order by accepted_at desc, message_id limit $1`,
        [to === undefined ? limit : 10_000],
      );
      const opened = await Promise.all(rows.map(async (row) => ({ message: await open(row), acceptedAt: epochMillis(row.accepted_at) })));
      return opened
        .filter((each): each is { message: Message; acceptedAt: typeof each.acceptedAt } => each.message !== undefined)
        .filter(({ message }) => to === undefined || message.to === to)
        .slice(0, limit);
    },

    async sweep(limit) {
      const { count } = await db.query(
        `delete from notification.message where message_id in (
           select message_id from notification.message
           where expires_at < ${NOW} and (sealed is not null or accepted_at < ${NOW} - ${REMEMBER_MILLIS})
           limit $1 for update skip locked)`,
        [limit],
      );
      return count;
    },

    async purgePerson(poolId, sub, tx) {
      await txOf(tx).query('delete from notification.message where pool_id = $1 and sub = $2', [poolId, sub]);
    },

    async purgePool(poolId, tx) {
      await txOf(tx).query('delete from notification.message where pool_id = $1', [poolId]);
    },
  };
}
