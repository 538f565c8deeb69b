import { setImmediate } from 'node:timers';
import type { Executor } from './executor.js';
import { perform, type Job, type JobInput, type JobOutput } from './jobs.js';
import { openSslPower, type OpenSslPower } from './power.js';

/** Runs jobs on the caller's own thread, one per turn of its event loop, so that a queue of them does not shut out all else. */
export function inlineExecutor(powers: OpenSslPower = openSslPower()): Executor {
  const self: Executor = {
    run: <J extends Job>(job: J, input: JobInput<J>) => new Promise<JobOutput<J>>((resolve, reject) => {
      setImmediate(() => {
        try {
          resolve(perform(job, input, powers.power));
        } catch (error) {
          reject(error);
        }
      });
    }),
    powerPath: () => powers.path(),
    async prepared() {
      powers.prepare();
      return self;
    },
    close: () => Promise.resolve(),
  };
  return self;
}
