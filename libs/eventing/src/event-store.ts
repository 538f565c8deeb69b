import type { Brand, EpochMillis, ErrorDetails, EventId } from '@rollcall/kernel';

/** Number of an event in its stream, from 0; `NO_STREAM` where a stream must not exist yet. */
export type Revision = number;
export const NO_STREAM: Revision = -1;

/** A place in a store's log: opaque, compared only by the store that gave it, and never sent outside its service. */
export type Position = Brand<string, 'Position'>;

/** The person whose key seals the personal part of an event; destroying that key erases it everywhere. */
export interface Subject {
  readonly poolId: string;
  readonly sub: string;
}

/** An event to append. Its id is the caller's choice, so that a retry can be told from a second wish. */
export interface NewEvent {
  readonly id: EventId;
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
  /** Sealed under the key of `subject`; needs one. */
  readonly personal?: unknown;
  readonly subject?: Subject;
}

/** Who caused an event, in which call; holds no personal data. */
export interface EventMetadata {
  readonly correlationId: string;
  readonly operation: string;
  readonly caller: Readonly<{ kind: string; id: string }>;
  /** Ids of the claims that this event takes: a sweeper can tell from the log alone whether a claim was meant. */
  readonly claimIds?: readonly string[];
  /** The refusal that the event came with, so that a repeated request is refused alike. */
  readonly refused?: Readonly<{ code: string; details: ErrorDetails }>;
}

export interface StoredEvent {
  readonly stream: string;
  readonly revision: Revision;
  readonly id: EventId;
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
  /** `undefined`: the event has no personal part; `null`: it had one and the person's key is destroyed. */
  readonly personal?: unknown;
  readonly subject?: Subject;
  readonly meta: EventMetadata;
  readonly recordedAt: EpochMillis;
  readonly position: Position;
}

export interface ClaimKey {
  /** Values of one namespace are unique whatever their kind, e.g. `names/<poolId>` or `clients`. */
  readonly namespace: string;
  /** Keyed hash (hex) of the normalised value: a claim must never hold an e-mail address. */
  readonly valueHash: string;
}

export interface Claim extends ClaimKey {
  readonly kind: string;
  /** Whom the value means: a sub, or a pool for client ids. */
  readonly owner: string;
  readonly claimId: string;
}

export interface ClaimChange {
  readonly take?: readonly Claim[];
  /** Released only where `owner` holds it; a claim that is gone already is no error. */
  readonly release?: readonly (ClaimKey & { readonly owner: string })[];
}

export interface AppendOptions {
  readonly meta: EventMetadata;
  readonly claims?: ClaimChange;
}

export interface ReadOptions {
  /** First revision wanted; 0 if absent. */
  readonly from?: Revision;
  /** At most so many events; all of the stream if absent. */
  readonly max?: number;
}

/**
 * Streams of events, one service's log. What it promises holds on every store; the contract suite in `testing/` is its
 * definition. There is no delete: erasure destroys the person's key.
 */
export interface EventStore {
  /**
   * Appends all events and changes all claims, or nothing. The same ids at the same expected revision again answer as
   * the first time did.
   * @throws {WrongRevision} if the stream is elsewhere @throws {ClaimTaken} if a value belongs to another owner
   * @throws {EventTooLarge} above 1 MiB for all events together @throws {StoreUnavailable}
   */
  append(stream: string, expected: Revision, events: readonly NewEvent[], options: AppendOptions): Promise<{ revision: Revision; position: Position }>;
  /** Events in order, each verified; a stream that does not exist is empty at `NO_STREAM`. @throws {TamperedEvent} */
  read(stream: string, options?: ReadOptions): Promise<{ events: readonly StoredEvent[]; revision: Revision }>;
  /**
   * Up to `limit` events after a position in commit order, of streams whose names begin with one of `prefixes`. `next`
   * is where to go on; it moves over filtered stretches too. Events that a transaction still open could precede wait.
   */
  readAll(options: { after?: Position | undefined; prefixes: readonly string[]; limit: number }): Promise<{ events: readonly StoredEvent[]; next: Position | undefined }>;
  /** The newest committed position, the horizon of open transactions ignored; `undefined` for an empty log. */
  head(): Promise<Position | undefined>;
  /** Negative, zero or positive as `a` lies before, at or after `b`. */
  compare(a: Position, b: Position): number;
  /** Calls back soon after something may have been committed: only a hint, what it misses a poll finds. */
  onAppend(listener: () => void): () => void;
}

/** Looks up whom a claimed value means. */
export interface Claims {
  find(key: ClaimKey): Promise<{ readonly kind: string; readonly owner: string } | undefined>;
}

/** Destroys keys: what they sealed is erased from this log, its backups and all copies. */
export interface Erasure {
  destroyPerson(subject: Subject): Promise<void>;
  /** The pool's key and with it every person's key of the pool. */
  destroyPool(poolId: string): Promise<void>;
}

/** A transaction of the store's database: opaque here, known to adapters, which write in it. */
export interface Transaction {
  readonly transaction: symbol;
}

/** Who may work on one subscription now. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  /** Where the subscription stood when the lease was taken. */
  readonly position: Position | undefined;
}

/** Progress of subscriptions: one leader each, by lease, and a position that commits together with the work. */
export interface Checkpoints {
  /**
   * `undefined` while somebody else holds it. A lease that its owner no longer renews can be taken after `ttlMillis`. Each
   * acquisition is a new owner: what an earlier one still has in flight is either counted in `position` or never kept,
   * so that a commit with an unknown outcome is settled by acquiring again.
   */
  acquire(name: string, ttlMillis: number): Promise<Lease | undefined>;
  renew(lease: Lease, ttlMillis: number): Promise<boolean>;
  /**
   * Runs the work and moves the checkpoint in one transaction, so that its effects happen exactly once.
   * @throws {LeaseLost} if somebody else has taken over, nothing is kept then
   */
  commit(lease: Lease, position: Position, work: (tx: Transaction) => Promise<void>): Promise<void>;
  /** @param tx reads it within this transaction: with `Transactions.snapshot` as of the same moment as the rows */
  position(name: string, tx?: Transaction): Promise<Position | undefined>;
  release(lease: Lease): Promise<void>;
  /** Forgets position and lease, so that the subscription begins anew: for a read model whose table is dropped. */
  forget(name: string, tx: Transaction): Promise<void>;
}

/** Transactions beside those of subscriptions: what is done to tables of read models. */
export interface Transactions {
  /** All effects of the work or none. Not for long work: it holds the readers' horizon. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** All reads in it see one moment (repeatable read, read only); it holds no transaction id and no lock. */
  snapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}
