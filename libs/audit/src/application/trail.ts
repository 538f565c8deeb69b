import type { wire } from '@rollcall/contracts';

export type AuditRecord = wire.audit.AuditRecord;

/** A record as it lies in the table: what describes a person's device is sealed, `sealedFor` names whose key opens it. */
export interface SealedRecord {
  readonly record: Omit<AuditRecord, 'source' | 'userAgent' | 'typedName'>;
  readonly sealed: Buffer | undefined;
  /** Sub whose key seals it, or `day-<YYYY-MM-DD>` where nobody is known. */
  readonly sealedFor: string;
}

/** The audit table: appended to, read in commit order, never changed. */
export interface Trail {
  /** Durable when it settles; a record id that stands there already changes nothing. */
  insert(record: SealedRecord): Promise<void>;
  /** Those of the ids that no record bears. */
  missing(correlationIds: readonly string[]): Promise<readonly string[]>;
  /** In commit order: those after a position that `tail` gave out, or the newest. @throws {DomainError} `InvalidParameter` for any other */
  tail(query: { readonly after: string | undefined; readonly limit: number; readonly poolId: string | undefined; readonly newest: boolean }): Promise<{ readonly records: readonly SealedRecord[]; readonly next: string | undefined }>;
  /** One row per minute, source (as a keyed hash) and reason. */
  countRejected(sourceHash: string, reason: string): Promise<void>;
  /** Drops counts of rejected calls that are 90 days old. */
  forgetRejected(): Promise<void>;
  /** Makes the tables of the coming days. Cheap when they are there. */
  prepareDays(): Promise<void>;
  /** Whether the table takes writes now. */
  probe(): Promise<void>;
}
