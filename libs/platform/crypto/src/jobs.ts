import { hashArgon2, matchesArgon2, needsRehash } from './argon2.js';
import { passwordMatchesVerifier, srpFinish, srpStart, srpVerifier, type Power } from './srp.js';

type Given<F> = F extends (power: Power, given: infer Input) => unknown ? Input : never;

/**
 * What a worker does, each in one message: bytes, texts and plain objects in and out. A user who does not exist costs the very
 * same jobs, with made-up material.
 */
export const jobs = {
  makeVerifier: (power: Power, given: Given<typeof srpVerifier>) => srpVerifier(power, given),
  checkVerifier: (power: Power, given: Given<typeof passwordMatchesVerifier>) => ({ matches: passwordMatchesVerifier(power, given), needsRehash: false }),
  srpStart: (power: Power, given: Given<typeof srpStart>) => srpStart(power, given),
  srpFinish: (power: Power, given: Given<typeof srpFinish>) => srpFinish(power, given),
  hashArgon2: (_: Power, given: { readonly password: Uint8Array }) => hashArgon2(given.password),
  checkArgon2: (_: Power, given: { readonly phc: string; readonly password: Uint8Array }) => ({
    matches: matchesArgon2(given.phc, given.password),
    needsRehash: needsRehash(given.phc),
  }),
};

export type Job = keyof typeof jobs;
export type JobInput<J extends Job> = Parameters<(typeof jobs)[J]>[1];
export type JobOutput<J extends Job> = ReturnType<(typeof jobs)[J]>;

/** @throws {DomainError} the job's refusal */
export function perform<J extends Job>(job: J, input: JobInput<J>, power: Power): JobOutput<J> {
  const work = jobs[job] as (power: Power, input: JobInput<J>) => JobOutput<J>; // each job with its own input: the compiler cannot pair them
  return work(power, input);
}
