import { bell, type Log, type Time } from '@rollcall/eventing';

import { HOLD_MILLIS, purgePool, type PurgeNeeds } from './purge-pool.js';

const POLL_MILLIS = 1_000;

/** Purges deleted pools one after the other, in the background; several processes may do so, each its own. */
export function purgeWorker(needs: PurgeNeeds & { readonly time: Time; readonly log: Log }) {
  const work = bell(needs.time);
  let stopping = false;

  async function next(): Promise<boolean> {
    const due = await needs.purges.take(HOLD_MILLIS);
    if (!due) return false;
    if (!(await purgePool(needs, due, () => !stopping))) {
      await needs.purges.hold(due, POLL_MILLIS);
      return false;
    }
    await needs.purges.done(due);
    needs.log.info({ poolId: due.poolId }, 'a deleted pool is purged');
    return true;
  }

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        if (await next()) continue;
      } catch (error) {
        needs.log.warn({ error }, 'a deleted pool could not be purged and is tried again');
      }
      if (!stopping) await work.wait(POLL_MILLIS);
    }
  }
  const ended = run();

  return {
    /** There may be something to purge. */
    wake: () => work.ring(),
    async stop() {
      stopping = true;
      work.ring();
      await ended;
    },
  };
}
