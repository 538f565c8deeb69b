import { epochMillis } from '@rollcall/kernel';

import type { Pause, Time } from '../pause.js';

interface Waiting {
  readonly at: number;
  readonly resolve: () => void;
}

/**
 * Time that passes only while everybody waits: whenever nothing else is left to do in this turn of the event loop, it
 * jumps to the end of the shortest pause. Hours of retries take milliseconds, always in the same order.
 */
export function virtualTime(start = 1_767_225_600_000): Time {
  let now = start;
  let waiting: readonly Waiting[] = [];
  let ticking = false;

  const schedule = () => {
    if (ticking || waiting.length === 0) return;
    ticking = true;
    setImmediate(() => {
      ticking = false;
      const next = waiting.reduce<Waiting | undefined>((first, each) => (first && first.at <= each.at ? first : each), undefined);
      if (next) {
        now = Math.max(now, next.at);
        waiting = waiting.filter((each) => each !== next);
        next.resolve();
      }
      schedule();
    });
  };

  return {
    now: () => epochMillis(now),
    pause(millis): Pause {
      let resolve = () => {};
      const over = new Promise<void>((done) => { resolve = done; });
      const entry: Waiting = { at: now + millis, resolve };
      waiting = [...waiting, entry];
      schedule();
      return {
        over,
        end() {
          waiting = waiting.filter((each) => each !== entry);
          resolve();
        },
      };
    },
  };
}
