import type { DomainEvent } from '@rollcall/kernel';

import { decode } from './decode.js';
import type { StoredEvent, Transaction } from './event-store.js';
import type { Projection, ProjectionTable, Recorded } from './projection.js';

/** A projection with its table, as the runner sees it. */
export interface ReadModel {
  readonly name: string;
  readonly version: number;
  /** `<name>_v<version>`; names its progress, too. */
  readonly tableName: string;
  readonly prefixes: readonly string[];
  create(tx: Transaction, tableName: string): Promise<void>;
  drop(tx: Transaction, tableName: string): Promise<void>;
  digest(tx: Transaction, tableName: string): Promise<{ readonly rows: number; readonly hash: string }>;
  /** Translates events into rows, in order. @throws {UnknownStoredEvent} */
  apply(events: readonly StoredEvent[], tx: Transaction, tableName: string): Promise<void>;
}

export const tableNameOf = (name: string, version: number): string => `${name}_v${version}`;

/** Joins what to write with where to write it. */
export function readModel<Event extends DomainEvent, Table>(projection: Projection<Event, Table>, table: ProjectionTable<Table>): ReadModel {
  const { name, version, prefixes, definitions } = projection;
  const on = projection.on as Readonly<Record<string, ((event: Recorded<Event>, rows: Table) => Promise<void> | void) | undefined>>;
  return {
    name,
    version,
    tableName: tableNameOf(name, version),
    prefixes,
    create: (tx, tableName) => table.create(tx, tableName),
    drop: (tx, tableName) => table.drop(tx, tableName),
    digest: (tx, tableName) => table.digest(tx, tableName),
    async apply(events, tx, tableName) {
      const rows = table.open(tx, tableName);
      for (const stored of events) {
        const event = decode(definitions, stored); // what it does not translate it must know, too
        await on[event.type]?.(recorded(event, stored), rows);
      }
    },
  };
}

function recorded<Event extends DomainEvent>(event: Event, { id, stream, subject, recordedAt, position, meta }: StoredEvent): Recorded<Event> {
  const { correlationId, operation } = meta;
  return { ...event, id, stream, recordedAt, position, correlationId, operation, ...(subject ? { subject } : {}) };
}
