import type { UserCountTable } from '../read-models/user-counts.js';
import { postgresTable, SCHEMA } from './postgres-table.js';

export const userCountsTable = postgresTable<UserCountTable>(
  (tableName) => `create table if not exists ${SCHEMA}.${tableName} (pool_id text collate "C" primary key, users bigint not null);`,
  (tx, table) => ({
    add: async (poolId, users) => {
      await tx.query(
        `insert into ${table} as t (pool_id, users) values ($1, $2) on conflict (pool_id) do update set users = t.users + excluded.users`, [poolId, users]);
      if (users < 0) await tx.query(`delete from ${table} where pool_id = $1 and users = 0`, [poolId]);
    },
  }),
);
