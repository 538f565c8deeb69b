import type { Clock } from '@rollcall/kernel';

/** Answers of reads, kept for a moment. */
export interface Kept<Value> {
  /** @throws what the fetch throws; a failure is not kept */
  readonly get: (key: string, fetch: () => Promise<Value>) => Promise<Value>;
  /** Whoever asks from now on gets a new answer, also while a fetch that began before is still under way. */
  readonly drop: (key: string) => void;
}

/**
 * Keeps answers for `forMillis` from the start of their fetch, so that nobody acts on anything older. Callers share a
 * fetch under way. What does not exist is not kept: unknown keys cost a guesser a read each and fill nothing.
 *
 * @param most keys at a time; the oldest goes first
 */
export function keptFor<Value>(forMillis: number, clock: Clock, most = 10_000): Kept<Value> {
  const entries = new Map<string, { readonly since: number; readonly value: Promise<Value> }>();

  return {
    get(key, fetch) {
      const now = clock.now();
      const known = entries.get(key);
      if (known && now - known.since < forMillis) return known.value;
      entries.delete(key); // its new place is the youngest
      const entry = { since: now, value: fetch() };
      entries.set(key, entry);
      entry.value.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      const [oldest] = entries.keys();
      if (entries.size > most && oldest !== undefined) entries.delete(oldest);
      return entry.value;
    },
    drop: (key) => void entries.delete(key),
  };
}
