import type { Job, JobInput, JobOutput } from './jobs.js';
import type { PowerPath } from './power.js';

/** Where jobs run: one thread, one job at a time. */
export interface Executor {
  /** @throws {DomainError} the job's refusal */
  run<J extends Job>(job: J, input: JobInput<J>, signal: AbortSignal): Promise<JobOutput<J>>;
  /** As of its last job. */
  powerPath(): PowerPath;
  /** An executor whose powers are fast, to be used from now on in place of this one; the same or a new one. */
  prepared(signal: AbortSignal): Promise<Executor>;
  /** After what it is doing. */
  close(): Promise<void>;
}
