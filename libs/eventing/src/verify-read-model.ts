import type { Checkpoints, EventStore, Lease, Position, Transactions } from './event-store.js';
import { keepLease } from './lease-keeper.js';
import type { Log } from './log.js';
import { systemTime, type Time } from './pause.js';
import type { ReadModel } from './read-model.js';

export interface VerifyNeeds {
  readonly store: Pick<EventStore, 'readAll' | 'compare' | 'head'>;
  readonly checkpoints: Checkpoints;
  readonly transactions: Transactions;
  readonly log: Log;
  readonly time?: Time;
  /** Events in one transaction at most. */
  readonly batch?: number;
}

export interface Verification {
  /** Rows of the table that was verified. */
  readonly rows: number;
  readonly matches: boolean;
  /** Where the table stood then. */
  readonly position: Position | undefined;
}

/** Somebody verifies this read model already. */
export class AlreadyVerifying extends Error {
  override readonly name = 'AlreadyVerifying';
  constructor(readonly table: string) {
    super(`${table} is being verified already`);
  }
}

const LEASE_MILLIS = 10_000;
const COMPARISONS = 3;
const STEP_MILLIS = 100;
const STEPS = 50;

/**
 * Whether a read model's table holds what the log says: builds it again in a scratch table, in chunks, up to where the
 * table stood at one moment, and compares number and hash of the rows. Writes go on meanwhile. A person whose key is
 * destroyed in between differs until both have passed the deletion, so a difference counts only if it is still there
 * further on.
 *
 * @throws {AlreadyVerifying} @throws {UnknownStoredEvent} @throws {TamperedEvent}
 */
export async function verifyReadModel(needs: VerifyNeeds, model: ReadModel): Promise<Verification> {
  const { checkpoints, transactions, log, time = systemTime } = needs;
  const scratch = `${model.tableName}_verify`;
  const lease = await checkpoints.acquire(scratch, LEASE_MILLIS);
  if (!lease) throw new AlreadyVerifying(model.tableName);
  const keeper = keepLease({ checkpoints, time, log }, lease, LEASE_MILLIS, () => {});
  try {
    await transactions.transaction(async (tx) => {
      await model.drop(tx, scratch); // a killed process left it
      await model.create(tx, scratch);
    });
    let filled: Position | undefined;
    for (let comparison = 1; ; comparison++) {
      const live = await transactions.snapshot(async (tx) => ({
        position: await checkpoints.position(model.tableName, tx),
        digest: await model.digest(tx, model.tableName),
      }));
      if (live.position !== undefined) filled = await fill(needs, model, scratch, filled, live.position);
      const rebuilt = await transactions.snapshot((tx) => model.digest(tx, scratch));
      const matches = rebuilt.rows === live.digest.rows && rebuilt.hash === live.digest.hash;
      if (matches || comparison === COMPARISONS) return { rows: live.digest.rows, matches, position: live.position };
      await passHead(needs, model, time);
    }
  } finally {
    await keeper.end();
    await putAway(needs, model, scratch, lease);
  }
}

/** Must not hide why verifying failed, nor what it found: the next one drops the table, too. */
async function putAway({ checkpoints, transactions, log }: VerifyNeeds, model: ReadModel, scratch: string, lease: Lease): Promise<void> {
  try {
    await transactions.transaction((tx) => model.drop(tx, scratch));
    await checkpoints.release(lease);
  } catch (error) {
    log.warn({ table: scratch, error }, 'a scratch table could not be dropped');
  }
}

/** Applies the events after one position up to another. */
async function fill(
  { store, transactions, batch = 500 }: VerifyNeeds, model: ReadModel, tableName: string, from: Position | undefined, upTo: Position,
): Promise<Position> {
  for (let after = from; after === undefined || store.compare(after, upTo) < 0;) {
    const { events, next } = await store.readAll({ after, prefixes: model.prefixes, limit: batch });
    const before = events.filter(({ position }) => store.compare(position, upTo) <= 0);
    if (before.length > 0) await transactions.transaction((tx) => model.apply(before, tx, tableName));
    if (next === undefined || next === after) throw new RangeError(`the log ends before the position of ${model.tableName}`);
    after = next;
  }
  return upTo;
}

/** Gives the table some seconds to pass what has been written by now. */
async function passHead({ store, checkpoints }: VerifyNeeds, model: ReadModel, time: Time): Promise<void> {
  const head = await store.head();
  for (let step = 0; head !== undefined && step < STEPS; step++) {
    const position = await checkpoints.position(model.tableName);
    if (position !== undefined && store.compare(position, head) >= 0) return;
    await time.pause(STEP_MILLIS).over;
  }
}
