import { epochMillis, type Clock } from '@rollcall/kernel';

/** A wait under way. */
export interface Pause {
  /** Resolves when the time is over, or when it was ended. */
  readonly over: Promise<void>;
  /** Ends it now. */
  end(): void;
}

/** The clock, and waiting for it, as a need: a test moves it by hand. */
export interface Time extends Clock {
  pause(millis: number): Pause;
}

export const systemTime: Time = {
  now: () => epochMillis(Date.now()),
  pause(millis) {
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, millis);
      end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return { over, end };
  },
};

/** Wakes one waiter. Rung while nobody waits, it is heard by the next wait. */
export interface Bell {
  ring(): void;
  /** Until the bell rings, `millis` at most. */
  wait(millis: number): Promise<void>;
}

export function bell(time: Time): Bell {
  let rung = false;
  let waiting: Pause | undefined;
  return {
    ring() {
      rung = true;
      waiting?.end();
    },
    async wait(millis) {
      if (!rung) {
        waiting = time.pause(millis);
        await waiting.over;
        waiting = undefined;
      }
      rung = false;
    },
  };
}
