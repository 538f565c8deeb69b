import type { DomainEvent, EpochMillis } from '@rollcall/kernel';

import type { Definitions } from './decode.js';
import type { Position, Subject, Transaction } from './event-store.js';

/** An event with where and when it happened. */
export type Recorded<Event extends DomainEvent> = Event & {
  readonly id: string;
  readonly stream: string;
  readonly subject?: Subject;
  readonly recordedAt: EpochMillis;
  readonly position: Position;
  readonly correlationId: string;
  readonly operation: string;
};

/**
 * A read model as data: it translates events into rows and decides nothing. The version names its table: a new number is
 * filled beside the old one, by the ordinary runner, and serves once it has caught up.
 */
export interface Projection<Event extends DomainEvent, Table> {
  /** `<service>_<question>`, e.g. `directory_users_by_pool`; the table is `<name>_v<version>`. */
  readonly name: string;
  readonly version: number;
  /** `per-stream`: each row depends on one stream alone, so that streams may be folded one by one when rebuilding. */
  readonly kind: 'per-stream' | 'cross-stream';
  readonly prefixes: readonly string[];
  readonly definitions: Definitions<Event>;
  readonly on: { readonly [Type in Event['type']]?: (event: Recorded<Extract<Event, { type: Type }>>, table: Table) => Promise<void> | void };
}

/** The SQL side of a read model, by table name, so that one adapter serves every version and every scratch copy. */
export interface ProjectionTable<Table> {
  /** Creates the table with its indexes if it is not there. */
  create(tx: Transaction, tableName: string): Promise<void>;
  open(tx: Transaction, tableName: string): Table;
  drop(tx: Transaction, tableName: string): Promise<void>;
  /** Number of rows and a hash over all of them in key order, for `verify`. */
  digest(tx: Transaction, tableName: string): Promise<{ readonly rows: number; readonly hash: string }>;
}

/** Which version of each read model answers queries: written once its rows have caught up, kept over restarts. */
export interface ServingVersions {
  /** `undefined` while no version was ever switched to. */
  serving(name: string): Promise<number | undefined>;
  /** Never back: a lower version than the one that serves changes nothing. */
  switchTo(name: string, version: number): Promise<void>;
}
