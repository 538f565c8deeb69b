import type { AttributeList } from '../domain/user.events.js';
import type { KeyName } from '../domain/user-search.js';
import type { UserKeys, UserTable } from '../read-models/users-by-pool.js';
import { postgresTable, SCHEMA } from './postgres-table.js';

/** A column each; a record, so that none is forgotten. */
const keys: Readonly<Record<KeyName, true>> = {
  username: true, email: true, phone_number: true, name: true, given_name: true, family_name: true, preferred_username: true,
};
const keyNames = Object.keys(keys) as KeyName[];
const columnsOf = (write: (name: KeyName, n: number) => string): string => keyNames.map(write).join(', ');
const valuesOf = (given: UserKeys): readonly (string | null)[] => keyNames.map((name) => given[name] ?? null);

/** One row a user: all attributes as they are, and what users are searched by again as keys, with an index each. */
export const usersTable = postgresTable<UserTable>(
  (tableName) => `
    create table if not exists ${SCHEMA}.${tableName} (
      pool_id text collate "C" not null, sub text collate "C" not null, full_username text not null, attributes json not null, status text not null,
      enabled boolean not null, created_at bigint not null, updated_at bigint not null, ${columnsOf((name) => `${name} text collate "C"`)}, primary key (pool_id, sub)
    );
    create index if not exists ${tableName}_status on ${SCHEMA}.${tableName} (pool_id, status, sub);
    create index if not exists ${tableName}_enabled on ${SCHEMA}.${tableName} (pool_id, enabled, sub);
    ${keyNames.map((name) => `create index if not exists ${tableName}_${name} on ${SCHEMA}.${tableName} (pool_id, ${name}, sub) where ${name} is not null;`).join('\n')}`,
  (tx, table) => ({
    put: async ({ poolId, sub, username, attributes, status, enabled, createdAt, updatedAt }, found) => {
      await tx.query(
        `insert into ${table} (pool_id, sub, full_username, attributes, status, enabled, created_at, updated_at, ${columnsOf((name) => name)})
         values ($1, $2, $3, $4, $5, $6, $7, $8, ${columnsOf((_name, n) => `$${n + 9}`)})`,
        [poolId, sub, username, JSON.stringify(attributes), status, enabled, createdAt, updatedAt, ...valuesOf(found)]);
    },
    change: async (poolId, sub, { status, enabled, updatedAt }) => {
      await tx.query(
        `update ${table} set status = coalesce($3, status), enabled = coalesce($4, enabled), updated_at = $5 where pool_id = $1 and sub = $2`,
        [poolId, sub, status ?? null, enabled ?? null, updatedAt]);
    },
    set: async (poolId, sub, changed, found) => {
      const { rows: [row] } = await tx.query<{ attributes: AttributeList }>(`select attributes from ${table} where pool_id = $1 and sub = $2`, [poolId, sub]);
      if (!row) return;
      const attributes = [...new Map([...row.attributes, ...changed])];
      await tx.query(
        `update ${table} set attributes = $3, ${columnsOf((name, n) => `${name} = coalesce($${n + 4}, ${name})`)} where pool_id = $1 and sub = $2`,
        [poolId, sub, JSON.stringify(attributes), ...valuesOf(found)]);
    },
    delete: async (poolId, sub) => {
      await tx.query(`delete from ${table} where pool_id = $1 and sub = $2`, [poolId, sub]);
    },
  }),
);
