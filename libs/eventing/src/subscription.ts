import type { Checkpoints, EventStore, Lease, Position, StoredEvent, Transaction } from './event-store.js';
import { keepLease } from './lease-keeper.js';
import type { Log } from './log.js';
import { bell, systemTime, type Pause, type Time } from './pause.js';
import { LeaseLost, TamperedEvent, UnknownStoredEvent } from './store-errors.js';

export interface SubscriptionOptions {
  /** The log that is read. Positions are this store's, wherever they are kept. */
  readonly store: Pick<EventStore, 'readAll' | 'onAppend' | 'compare'>;
  /** Where progress is kept: in the database that `handle` writes to, which need not be the log's. */
  readonly checkpoints: Pick<Checkpoints, 'acquire' | 'renew' | 'commit' | 'position' | 'release'>;
  /** Names the progress for ever. */
  readonly name: string;
  readonly prefixes: readonly string[];
  /** What `handle` is given, in order, with nothing left out; all events of the prefixes if absent. */
  readonly wanted?: (event: StoredEvent) => boolean;
  /** Its effects in `tx` happen exactly once, all others at least once. It is called again until it succeeds. */
  readonly handle: (events: readonly StoredEvent[], tx: Transaction) => Promise<void>;
  /** Nothing more will be handled until a restart: the log holds what must not be skipped. */
  readonly onStopped?: (reason: Error) => void;
  readonly log: Log;
  readonly time?: Time;
  /** Events in one transaction at most. */
  readonly batch?: number;
  /** After this another process takes over from one that was killed. */
  readonly leaseTtlMillis?: number;
  /** How late an event is noticed at most when no wake-up tells of it; 500 or less. */
  readonly pollMillis?: number;
}

export type SubscriptionStatus = Readonly<
  /** Another process works on it, or the lease cannot be had. */
  | { is: 'waiting' }
  | { is: 'running' }
  /** So many failures in a row; it goes on trying. */
  | { is: 'retrying'; failures: number }
  | { is: 'stopped'; reason: Error }
  | { is: 'ended' }>;

export interface Subscription {
  readonly name: string;
  status(): SubscriptionStatus;
  /** Whether it has passed a position, waiting `withinMillis` for it at most; also where another process works on it. */
  caughtUp(position: Position, withinMillis: number): Promise<boolean>;
  /** Look for new events now. */
  nudge(): void;
  /** Finishes the batch in hand and gives the lease back. */
  stop(): Promise<void>;
}

const FIRST_RETRY_MILLIS = 100;
const LAST_RETRY_MILLIS = 5_000;
/** How often is looked how far another process has come. */
const LOOK_MILLIS = 50;

const mustStop = (error: unknown): error is Error => error instanceof UnknownStoredEvent || error instanceof TamperedEvent;

/**
 * Hands the events of a log to `handle`, in commit order, from a checkpoint that moves in the same transaction: one
 * leader at a time, by lease. What fails is tried again with growing pauses, one event at a time, and never skipped.
 */
export function runSubscription(options: SubscriptionOptions): Subscription {
  const { store, checkpoints, name, prefixes, wanted, handle, log, time = systemTime, batch = 500, leaseTtlMillis = 5_000, pollMillis = 500 } = options;
  const work = bell(time);
  const rest = bell(time);
  const watching = new Set<Pause>();
  let status: SubscriptionStatus = { is: 'waiting' };
  let stopping = false;
  let leading = false;
  /** Everything up to here is handled or not wanted. */
  let position: Position | undefined;
  /** As far as it is kept: a stretch without wanted events is kept only now and then. */
  let saved: Position | undefined;
  let savedAt = 0;
  let failures = 0;
  /** Events to take one by one, so that what fails fails alone. */
  let singles = 0;

  const tellWatchers = () => { for (const pause of watching) pause.end(); };
  const moveTo = (to: Position | undefined) => {
    position = to;
    tellWatchers();
  };

  /** @returns whether there was anything new @throws what failed, with nothing handled */
  async function step(lease: Lease): Promise<boolean> {
    const limit = singles > 0 ? 1 : batch;
    try {
      const read = await store.readAll({ after: position, prefixes, limit });
      const events = wanted ? read.events.filter(wanted) : read.events;
      const next = read.next ?? position;
      if (next === undefined) return false;
      if (events.length > 0 || (next !== saved && time.now() - savedAt >= pollMillis)) {
        await keep(lease, next, events);
      }
      const moved = position === undefined || store.compare(next, position) > 0;
      singles = moved ? Math.max(0, singles - read.events.length) : 0;
      moveTo(next);
      return moved;
    } catch (error) {
      if (limit === 1 || !mustStop(error)) throw error;
      singles = batch; // it stops there, but only after everything before is handled
      return true;
    }
  }

  /** @throws {Uncertain} if it may have happened nevertheless */
  async function keep(lease: Lease, to: Position, events: readonly StoredEvent[]): Promise<void> {
    let refused: { readonly error: unknown } | undefined;
    try {
      await checkpoints.commit(lease, to, async (tx) => {
        if (events.length === 0) return;
        try {
          await handle(events, tx);
        } catch (error) {
          refused = { error };
          throw error;
        }
      });
    } catch (error) {
      if (refused) {
        singles = batch;
        throw refused.error;
      }
      throw error instanceof LeaseLost ? error : new Uncertain(error);
    }
    saved = to;
    savedAt = time.now();
  }

  /** Works as long as the lease holds. @throws what must stop the subscription */
  async function lead(lease: Lease): Promise<void> {
    saved = lease.position;
    savedAt = time.now();
    moveTo(lease.position);
    leading = true;
    if (failures === 0) status = { is: 'running' };
    const keeper = keepLease({ checkpoints, time, log }, lease, leaseTtlMillis, () => {
      work.ring();
      rest.ring();
    });
    try {
      while (!stopping && !keeper.lost()) {
        try {
          const moved = await step(lease);
          failures = 0;
          status = { is: 'running' };
          if (!moved) await work.wait(pollMillis);
        } catch (error) {
          if (mustStop(error)) throw error;
          if (error instanceof LeaseLost) return;
          await backOff(error instanceof Uncertain ? error.cause : error);
          // A new lease tells whether what is uncertain has happened.
          if (error instanceof Uncertain) return;
        }
      }
      if (!keeper.lost() && position !== undefined && position !== saved) await keep(lease, position, []);
    } finally {
      leading = false;
      await keeper.end();
      await checkpoints.release(lease).catch((error: unknown) => log.warn({ subscription: name, error }, 'a lease could not be given back'));
    }
  }

  async function backOff(error: unknown): Promise<void> {
    failures += 1;
    status = { is: 'retrying', failures };
    log.warn({ subscription: name, failures, error }, 'a subscription failed and tries again');
    if (!stopping) await rest.wait(Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS * 2 ** (failures - 1)));
  }

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        const lease = await checkpoints.acquire(name, leaseTtlMillis);
        if (lease) {
          await lead(lease);
        } else {
          status = { is: 'waiting' };
          await rest.wait(leaseTtlMillis / 5);
        }
      } catch (error) {
        if (mustStop(error)) {
          status = { is: 'stopped', reason: error };
          log.error({ subscription: name, error }, 'a subscription stopped at an event that it must not skip');
          options.onStopped?.(error);
          return;
        }
        await backOff(error);
      }
    }
    status = { is: 'ended' };
  }

  const forgetHints = store.onAppend(() => work.ring());
  const ended = run();

  return {
    name,
    status: () => status,
    nudge: () => work.ring(),
    async caughtUp(target, withinMillis) {
      const until = time.now() + withinMillis;
      const passed = (at: Position | undefined) => at !== undefined && store.compare(at, target) >= 0;
      if (passed(position)) return true;
      work.ring();
      for (;;) {
        if (passed(position) || (!leading && passed(await checkpoints.position(name)))) return true;
        const left = until - time.now();
        if (left <= 0 || stopping) return false;
        const pause = time.pause(Math.min(left, LOOK_MILLIS));
        watching.add(pause);
        await pause.over;
        watching.delete(pause);
      }
    },
    async stop() {
      stopping = true;
      work.ring();
      rest.ring();
      tellWatchers();
      await ended;
      forgetHints();
    },
  };
}

/** A commit failed on the way, so it may have happened. */
class Uncertain extends Error {
  override readonly name = 'Uncertain';
  constructor(override readonly cause: unknown) {
    super('a commit may have happened', { cause });
  }
}
