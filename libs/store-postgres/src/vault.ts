import type { Transaction, Vault, VaultEntry } from '@rollcall/eventing';
import { epochMillis } from '@rollcall/kernel';
import { open, seal } from '@rollcall/platform-crypto';
import { txOf, type Database, type Queryable } from '@rollcall/platform-postgres';

import type { PoolKeys } from './pool-keys.js';

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly sealed: Buffer;
  readonly madeAt: number;
}

/** Secrets in a table, each sealed under its pool's key for exactly its row. */
export function postgresVault({ db, service, pools }: { readonly db: Database; readonly service: string; readonly pools: PoolKeys }): Vault {
  const insert = `insert into ${service}.vault (pool_id, owner, id, kind, sealed) values ($1, $2, $3, $4, $5) on conflict (pool_id, owner, id) do nothing`;
  const select = `select sealed from ${service}.vault where pool_id = $1 and owner = $2 and id = $3 and kind = $4`;
  const selectOwner = `select id, kind, sealed, made_at as "madeAt" from ${service}.vault where pool_id = $1 and owner = $2 order by made_at desc, id`;
  const deleteOne = `delete from ${service}.vault where pool_id = $1 and owner = $2 and id = $3`;
  const deleteOwner = `delete from ${service}.vault where pool_id = $1 and owner = $2`;
  const deletePool = `delete from ${service}.vault where ctid = any (array(select ctid from ${service}.vault where pool_id = $1 limit 10000))`;

  const aad = ({ poolId, owner, id, kind }: VaultEntry) => `vault/v1|${service}|${poolId}|${owner}|${id}|${kind}`;
  const within = (tx: Transaction | undefined): Queryable => (tx ? txOf(tx) : { query: db.repeatable, queryOnce: db.queryOnce });

  return {
    async put(entry, secret, tx) {
      const { poolId, owner, id, kind } = entry;
      const sealed = seal(await pools.use(poolId, 'vault'), secret, aad(entry));
      await within(tx).query(insert, [poolId, owner, id, kind, sealed]);
    },
    async get(entry) {
      const { rows: [row] } = await db.repeatable<Row>(select, [entry.poolId, entry.owner, entry.id, entry.kind]);
      const key = row && (await pools.find(entry.poolId, 'vault'));
      return key && open(key, row.sealed, aad(entry));
    },
    async list(poolId, owner) {
      const { rows } = await db.repeatable<Row>(selectOwner, [poolId, owner]);
      const key = rows.length > 0 && (await pools.find(poolId, 'vault'));
      if (!key) return [];
      return rows.map(({ id, kind, sealed, madeAt }) => ({ id, kind, secret: open(key, sealed, aad({ poolId, owner, id, kind })), madeAt: epochMillis(madeAt) }));
    },
    async delete({ poolId, owner, id }, tx) {
      await within(tx).query(deleteOne, [poolId, owner, id]);
    },
    async deleteOwner(poolId, owner, tx) {
      await within(tx).query(deleteOwner, [poolId, owner]);
    },
    async deletePool(poolId, tx) {
      for (let deleted = 1; deleted > 0;) deleted = (await within(tx).query(deletePool, [poolId])).count;
    },
  };
}
