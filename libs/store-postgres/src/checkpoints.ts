import { randomUUID } from 'node:crypto';

import { LeaseLost, type Checkpoints, type Position, type Transactions } from '@rollcall/eventing';
import { txOf, type Database } from '@rollcall/platform-postgres';

import { placeOf, positionOf, type Place } from './position.js';

interface Row {
  readonly txid: number | null;
  readonly seq: number | null;
}

const positionIn = (row: Row | undefined): Position | undefined =>
  (row && row.txid !== null && row.seq !== null ? positionOf(row as Place) : undefined);

/** Leases by the database's clock, and positions that commit with the work done up to them. */
export function postgresCheckpoints({ db, service }: { readonly db: Database; readonly service: string }): Checkpoints {
  // Waits for a commit of the former owner that is under way, and then sees its position.
  const acquire = `
    insert into ${service}.checkpoint as c (name, owner, lease_until) values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
    on conflict (name) do update set owner = excluded.owner, lease_until = excluded.lease_until
     where c.owner is null or c.lease_until < clock_timestamp()
    returning txid, seq`;
  const renew = `update ${service}.checkpoint set lease_until = clock_timestamp() + $3 * interval '1 millisecond' where name = $1 and owner = $2`;
  const move = `update ${service}.checkpoint set txid = $3, seq = $4 where name = $1 and owner = $2`;
  const select = `select txid, seq from ${service}.checkpoint where name = $1`;
  const release = `update ${service}.checkpoint set owner = null, lease_until = null where name = $1 and owner = $2`;
  const forget = `delete from ${service}.checkpoint where name = $1`;

  return {
    async acquire(name, ttlMillis) {
      const owner = randomUUID();
      const { rows: [row] } = await db.query<Row>(acquire, [name, owner, ttlMillis]);
      return row && { name, owner, position: positionIn(row) };
    },
    renew: async ({ name, owner }, ttlMillis) => (await db.repeatable(renew, [name, owner, ttlMillis])).count === 1,
    commit: ({ name, owner }, position, work) => db.tx(async (tx) => {
      await work(tx);
      // Last: the row is locked for a moment only, and renewals pass meanwhile.
      const { txid, seq } = placeOf(position);
      if ((await tx.query(move, [name, owner, txid, seq])).count === 0) throw new LeaseLost(name);
    }),
    position: async (name, tx) => positionIn((await (tx ? txOf(tx).query<Row>(select, [name]) : db.repeatable<Row>(select, [name]))).rows[0]),
    release: async ({ name, owner }) => void (await db.repeatable(release, [name, owner])),
    forget: async (name, tx) => void (await txOf(tx).query(forget, [name])),
  };
}

export const postgresTransactions = ({ db }: { readonly db: Database }): Transactions => ({ transaction: db.tx, snapshot: db.snapshot });
