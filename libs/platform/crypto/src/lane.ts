import { clearTimeout, setTimeout } from 'node:timers';
import { DomainError } from '@rollcall/kernel';

export interface LaneOptions {
  /** How many may wait. One source may hold a quarter of that, at least one. */
  readonly queue: number;
  /** From admission to answer. */
  readonly deadlineMs: number;
}

/** A bounded queue before a few seats, first come, first served. */
export interface Lane<Seat> {
  /**
   * @param source on whose account the work waits, such as an address block
   * @param work holds a seat until it settles, also after its deadline: `signal` tells it then to end
   * @throws {DomainError} `TooManyRequests` at once if the queue, or the source's share of it, is full; `DeadlineExceeded`;
   *   `Unavailable` once the lane drains
   */
  run<T>(source: string, work: (seat: Seat, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Takes no more work and settles when all that was admitted is done. */
  drain(): Promise<void>;
}

interface Entry<Seat> {
  readonly source: string;
  start(seat: Seat): Promise<void>;
}

export function boundedLane<Seat>(seats: readonly Seat[], { queue, deadlineMs }: LaneOptions): Lane<Seat> {
  const share = Math.max(1, Math.floor(queue / 4));
  const free = [...seats];
  const waiting: Entry<Seat>[] = [];
  const waitingOf = new Map<string, number>();
  let drained: (() => void) | undefined;
  let open = true;

  const count = (source: string, change: 1 | -1): void => {
    const held = (waitingOf.get(source) ?? 0) + change;
    if (held > 0) waitingOf.set(source, held);
    else waitingOf.delete(source);
  };
  const leave = (entry: Entry<Seat>): void => {
    const at = waiting.indexOf(entry);
    if (at < 0) return;
    waiting.splice(at, 1);
    count(entry.source, -1);
  };
  /** Serves one entry after another until nobody waits. */
  const serve = async (first: Entry<Seat>, seat: Seat): Promise<void> => {
    for (let entry: Entry<Seat> | undefined = first; entry; entry = waiting[0]) {
      leave(entry);
      await entry.start(seat);
    }
    free.push(seat); // the last used is the first taken: its thread runs already
    if (free.length === seats.length) drained?.();
  };

  return {
    run: <T>(source: string, work: (taken: Seat, signal: AbortSignal) => Promise<T>) => new Promise<T>((resolve, reject) => {
      if (!open) return reject(new DomainError('Unavailable'));
      const taken = free.pop();
      if (taken === undefined && (waiting.length >= queue || (waitingOf.get(source) ?? 0) >= share)) return reject(new DomainError('TooManyRequests'));
      const ending = new AbortController();
      const entry: Entry<Seat> = {
        source,
        async start(held) {
          try {
            resolve(await work(held, ending.signal));
          } catch (error) {
            reject(error);
          } finally {
            clearTimeout(timer);
          }
        },
      };
      const timer = setTimeout(() => {
        leave(entry);
        reject(new DomainError('DeadlineExceeded'));
        ending.abort();
      }, deadlineMs);
      if (taken === undefined) {
        waiting.push(entry);
        count(source, 1);
      } else void serve(entry, taken);
    }),
    drain: () => new Promise((resolve) => {
      open = false;
      if (free.length === seats.length) resolve();
      else drained = resolve;
    }),
  };
}
