import { canonicalJson } from '@rollcall/kernel';

import type { ProjectionTable } from '../projection.js';
import type { MemoryRows, MemoryTables } from './memory-progress.js';

/**
 * The table side of a read model on the memory store.
 * @param open what the projection is given: its own verbs over the rows
 */
export function memoryTable<Row, Table>(tables: MemoryTables, open: (rows: MemoryRows<Row>) => Table): ProjectionTable<Table> {
  return {
    create: async (tx, name) => tables.createTable(tx, name),
    open: (tx, name) => open(tables.rows<Row>(tx, name)),
    drop: async (tx, name) => tables.dropTable(tx, name),
    async digest(tx, name) {
      const rows = tables.rows<Row>(tx, name).entries();
      return { rows: rows.length, hash: canonicalJson(rows) };
    },
  };
}
