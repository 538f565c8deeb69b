import { bell, type Time } from './pause.js';

/** Work that is done again and again until it is stopped. */
export interface Repeated {
  /** Begins the next round now, or right after the one under way. */
  wake(): void;
  /** Resolves when the round under way is over. */
  stop(): Promise<void>;
}

/**
 * Does rounds of work, the first at once, with a rest after each.
 *
 * @param round `'again'`: there is more, no rest; it asks `goesOn` where it can end early
 * @param onFault told what a round failed with; the next one comes after the rest
 */
export function repeatedly(
  time: Time, restMillis: number, round: (goesOn: () => boolean) => Promise<'again' | void>, onFault: (error: unknown) => void,
): Repeated {
  const rest = bell(time);
  let stopped = false;
  const goesOn = () => !stopped;
  const run = async () => {
    while (goesOn()) {
      const outcome = await round(goesOn).catch(onFault);
      if (goesOn() && outcome !== 'again') await rest.wait(restMillis);
    }
  };
  const running = run();
  return {
    wake: () => rest.ring(),
    async stop() {
      stopped = true;
      rest.ring();
      await running;
    },
  };
}
