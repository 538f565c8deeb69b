import type { ProjectionTable, Transaction } from '@rollcall/eventing';
import { txOf, type Tx } from '@rollcall/platform-postgres';

/** The schema of this service; no statement names another. */
export const SCHEMA = 'directory';

/**
 * The table of a read model.
 * @param ddl makes the table of this name and its indexes if they are not there
 */
export const postgresTable = <Table>(ddl: (tableName: string) => string, open: (tx: Tx, table: string) => Table): ProjectionTable<Table> => ({
  create: (tx: Transaction, tableName) => txOf(tx).script(ddl(tableName)),
  open: (tx, tableName) => open(txOf(tx), `${SCHEMA}.${tableName}`),
  drop: (tx, tableName) => txOf(tx).script(`drop table if exists ${SCHEMA}.${tableName}`),
  async digest(tx, tableName) {
    // A sum of hashes needs no order, and so no sorting of millions of rows.
    const { rows: [found] } = await txOf(tx).query<{ rows: number; hash: string }>(`
      select count(*) as rows, coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text as hash from ${SCHEMA}.${tableName} t`);
    return found ?? { rows: 0, hash: '0' };
  },
});
