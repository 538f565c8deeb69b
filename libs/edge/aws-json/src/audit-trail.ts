import type { Caller } from '@rollcall/contracts';
import type { EpochMillis } from '@rollcall/kernel';

/** What the audit keeps of one call. */
export interface AuditEntry {
  /** UUIDv7, so that writing it twice changes nothing. */
  readonly recordId: string;
  readonly at: EpochMillis;
  readonly correlationId: string;
  readonly operation: string;
  /** `ok`, or the code of the refusal. */
  readonly outcome: string;
  readonly caller: Caller;
  readonly poolId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly sub?: string | undefined;
  /** Name as typed, only where no user is known: to be hashed before it is kept anywhere. */
  readonly typedName?: string | undefined;
  readonly eventIds: readonly string[];
  readonly source?: string | undefined;
  readonly userAgent?: string | undefined;
}

/** Why a call failed before it named a known operation and a valid pool or client; `audit`: while the gate was shut. */
export type Rejection = 'size' | 'operation' | 'signature' | 'audit' | 'input' | 'token' | 'pool-or-client';

/** The audit trail as the first entry needs it. */
export interface AuditTrail {
  /** The gate: `false` since a record could not be written, until a probe could. */
  open(): boolean;
  /** Durable when it resolves. */
  record(entry: AuditEntry): Promise<void>;
  /** Counts per source and minute; never fails and never waits. */
  countRejected(source: string | undefined, reason: Rejection): void;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** At least this long is tried, however late the outcome is. */
const LEAST_MS = 1_000;

/**
 * Writes a record before its answer leaves, again and again until the deadline.
 * @returns `false` if it could not be written: the answer must then be a failure, whatever the outcome was
 */
export async function written(audit: AuditTrail, entry: AuditEntry, deadline: EpochMillis, now: () => EpochMillis): Promise<boolean> {
  const last = Math.max(deadline, now() + LEAST_MS);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    if (await settled(audit.record(entry), last - now())) return true;
    if (now() + pause >= last) return false;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Whether work succeeds within a time. */
async function settled(work: Promise<void>, withinMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => { timer = setTimeout(() => resolve(false), Math.max(0, withinMs)); });
  try {
    return await Promise.race([work.then(() => true, () => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
