import { listen, type Database } from '@rollcall/platform-postgres';

/** Tells readers that there may be something new. Only a hint: what it misses a poll finds. */
export interface WakeUp {
  /** To be called after a commit. */
  appended(): void;
  onAppend(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Notifications of that long share one: each takes a lock of the whole server at its commit. */
const COALESCE_MILLIS = 5;

/**
 * Wakes the readers of this process at once and, where others share the log, those of other processes by a notification
 * of its own after the commit; inside the append it would let commits through one at a time.
 */
export function wakeUps({ db, service, shared }: { readonly db: Database; readonly service: string; readonly shared: boolean }): WakeUp {
  const listeners = new Set<() => void>();
  const ring = () => { for (const listener of listeners) listener(); };
  const channel = `rollcall_${service}`;
  const stopListening = shared ? listen(db, channel, ring) : undefined;
  let timer: NodeJS.Timeout | undefined;

  const notify = () => {
    timer = undefined;
    db.query(`select pg_notify($1, '')`, [channel]).catch(() => undefined); // a poll finds it
  };
  return {
    appended() {
      ring();
      if (shared) timer ??= setTimeout(notify, COALESCE_MILLIS);
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      clearTimeout(timer);
      await stopListening?.();
    },
  };
}
