import type { PoolTable } from '../read-models/pools.js';
import { postgresTable, SCHEMA } from './postgres-table.js';

export const poolsTable = postgresTable<PoolTable>(
  (tableName) => `
    create table if not exists ${SCHEMA}.${tableName} (
      pool_id text collate "C" primary key, region text collate "C" not null, settings_json text not null, created_at bigint not null, updated_at bigint not null
    );
    create index if not exists ${tableName}_region on ${SCHEMA}.${tableName} (region, pool_id);`,
  (tx, table) => ({
    put: async ({ poolId, region, settingsJson, createdAt, updatedAt }) => {
      await tx.query(
        `insert into ${table} (pool_id, region, settings_json, created_at, updated_at) values ($1, $2, $3, $4, $5)`,
        [poolId, region, settingsJson, createdAt, updatedAt]);
    },
    delete: async (poolId) => {
      await tx.query(`delete from ${table} where pool_id = $1`, [poolId]);
    },
  }),
);
