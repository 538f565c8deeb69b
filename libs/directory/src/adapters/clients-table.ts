import type { ClientTable } from '../read-models/clients-by-pool.js';
import { postgresTable, SCHEMA } from './postgres-table.js';

export const clientsTable = postgresTable<ClientTable>(
  (tableName) => `
    create table if not exists ${SCHEMA}.${tableName} (
      pool_id text collate "C" not null, client_id text collate "C" not null, settings_json text not null, created_at bigint not null, updated_at bigint not null,
      primary key (pool_id, client_id)
    );`,
  (tx, table) => ({
    put: async ({ poolId, clientId, settingsJson, createdAt, updatedAt }) => {
      await tx.query(
        `insert into ${table} (pool_id, client_id, settings_json, created_at, updated_at) values ($1, $2, $3, $4, $5)`,
        [poolId, clientId, settingsJson, createdAt, updatedAt]);
    },
    delete: async (poolId, clientId) => {
      await tx.query(`delete from ${table} where pool_id = $1 and client_id = $2`, [poolId, clientId]);
    },
  }),
);
