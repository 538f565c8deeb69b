import type { EpochMillis } from '@rollcall/kernel';

import type { Checkpoints, Lease, Position, Transaction, Transactions } from '../event-store.js';
import type { Consumed } from '../event-handler.js';
import type { ServingVersions } from '../projection.js';
import { LeaseLost } from '../store-errors.js';

/** Rows of a table as one transaction sees and changes them. */
export interface MemoryRows<Row> {
  get(key: string): Row | undefined;
  put(key: string, row: Row): void;
  delete(key: string): void;
  /** In key order. */
  entries(): readonly (readonly [key: string, row: Row])[];
}

/** Tables whose changes come with the transaction or not at all. */
export interface MemoryTables {
  createTable(tx: Transaction, tableName: string): void;
  dropTable(tx: Transaction, tableName: string): void;
  /** @throws {RangeError} if there is no such table */
  rows<Row>(tx: Transaction, tableName: string): MemoryRows<Row>;
  tableNames(): readonly string[];
}

type Table = ReadonlyMap<string, unknown>;
interface Data {
  readonly positions: ReadonlyMap<string, Position>;
  readonly tables: ReadonlyMap<string, Table>;
}
interface Work {
  /** What it reads: the newest data, or for a snapshot those of one moment. */
  readonly seen: () => Data;
  readonly readOnly: boolean;
  /** Made or dropped in this transaction. */
  readonly shapes: Map<string, 'made' | 'dropped' | 'made again'>;
  /** By table and key; `undefined` deletes. */
  readonly changes: Map<string, Map<string, unknown>>;
  readonly forgotten: Set<string>;
}

const consumedTable = (consumer: string) => `consumed ${consumer}`;

/** Checkpoints, transactions and tables of the memory store. Nothing of a failed transaction is kept. */
export function memoryProgress(now: () => EpochMillis): Checkpoints & Transactions & ServingVersions & Consumed & MemoryTables {
  let data: Data = { positions: new Map(), tables: new Map() };
  const leases = new Map<string, { readonly owner: string; readonly until: number }>();
  const serving = new Map<string, number>();
  const works = new WeakMap<Transaction, Work>();
  let owners = 0;

  const begin = (seen: () => Data, readOnly = false): { tx: Transaction; work: Work } => {
    const tx: Transaction = { transaction: Symbol('memory') };
    const work: Work = { seen, readOnly, shapes: new Map(), changes: new Map(), forgotten: new Set() };
    works.set(tx, work);
    return { tx, work };
  };
  const workOf = (tx: Transaction): Work => {
    const work = works.get(tx);
    if (!work) throw new TypeError('not a transaction of this store');
    return work;
  };
  const writing = (tx: Transaction): Work => {
    const work = workOf(tx);
    if (work.readOnly) throw new TypeError('a snapshot writes nothing');
    return work;
  };
  const tableOf = ({ seen, shapes }: Work, name: string): Table | undefined => {
    const shape = shapes.get(name);
    return shape === undefined ? seen().tables.get(name) : shape === 'dropped' ? undefined : new Map();
  };

  function keep({ shapes, changes, forgotten }: Work, moved?: { readonly name: string; readonly to: Position }): void {
    const tables = new Map(data.tables);
    for (const [name, shape] of shapes) {
      if (shape === 'dropped') tables.delete(name);
      else if (shape === 'made again' || !tables.has(name)) tables.set(name, new Map());
    }
    for (const [name, rows] of changes) {
      const table = new Map(tables.get(name));
      for (const [key, row] of rows) {
        if (row === undefined) table.delete(key);
        else table.set(key, row);
      }
      if (tables.has(name)) tables.set(name, table);
    }
    const positions = new Map(data.positions);
    for (const name of forgotten) {
      positions.delete(name);
      leases.delete(name);
    }
    if (moved) positions.set(moved.name, moved.to);
    data = { positions, tables };
  }

  const store: Checkpoints & Transactions & ServingVersions & Consumed & MemoryTables = {
    async acquire(name, ttlMillis) {
      const held = leases.get(name);
      if (held && held.until > now()) return undefined;
      owners += 1;
      const lease: Lease = { name, owner: `owner ${owners}`, position: data.positions.get(name) };
      leases.set(name, { owner: lease.owner, until: now() + ttlMillis });
      return lease;
    },
    async renew({ name, owner }, ttlMillis) {
      if (leases.get(name)?.owner !== owner) return false;
      leases.set(name, { owner, until: now() + ttlMillis });
      return true;
    },
    async commit({ name, owner }, position, work) {
      if (leases.get(name)?.owner !== owner) throw new LeaseLost(name);
      const begun = begin(() => data);
      await work(begun.tx);
      if (leases.get(name)?.owner !== owner) throw new LeaseLost(name);
      keep(begun.work, { name, to: position });
    },
    position: async (name, tx) => (tx ? workOf(tx).seen() : data).positions.get(name),
    async release({ name, owner }) {
      if (leases.get(name)?.owner === owner) leases.delete(name);
    },
    async forget(name, tx) {
      writing(tx).forgotten.add(name);
    },
    async transaction(work) {
      const begun = begin(() => data);
      const result = await work(begun.tx);
      keep(begun.work);
      return result;
    },
    async snapshot(work) {
      const moment = data;
      return await work(begin(() => moment, true).tx);
    },
    serving: async (name) => serving.get(name),
    async switchTo(name, version) {
      serving.set(name, Math.max(version, serving.get(name) ?? version));
    },
    async firstTime(tx, consumer, eventId) {
      store.createTable(tx, consumedTable(consumer));
      const had = store.rows<true>(tx, consumedTable(consumer));
      if (had.get(eventId)) return false;
      had.put(eventId, true);
      return true;
    },
    createTable(tx, name) {
      const work = writing(tx);
      if (!tableOf(work, name)) work.shapes.set(name, work.shapes.has(name) ? 'made again' : 'made');
    },
    dropTable(tx, name) {
      const work = writing(tx);
      work.shapes.set(name, 'dropped');
      work.changes.delete(name);
    },
    rows<Row>(tx: Transaction, name: string): MemoryRows<Row> {
      const work = workOf(tx);
      if (!tableOf(work, name)) throw new RangeError(`there is no table ${name}`);
      const changed = work.changes.get(name) ?? new Map<string, unknown>();
      const change = (key: string, row: Row | undefined) => {
        if (work.readOnly) throw new TypeError('a snapshot writes nothing');
        work.changes.set(name, changed.set(key, row));
      };
      return {
        get: (key) => (changed.has(key) ? changed.get(key) : tableOf(work, name)?.get(key)) as Row | undefined,
        put: change,
        delete: (key) => change(key, undefined),
        entries: () => [...new Map([...(tableOf(work, name) ?? []), ...changed])]
          .filter((entry): entry is [string, Row] => entry[1] !== undefined)
          .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
      };
    },
    tableNames: () => [...data.tables.keys()].sort(),
  };
  return store;
}
