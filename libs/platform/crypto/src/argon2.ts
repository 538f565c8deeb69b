import { hashSync, parseOptions, verifySync } from '@node-rs/argon2';

/** OWASP's first choice for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. 11 ms. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const ARGON2ID = 2;

/** argon2id with a random salt, as a PHC string. Blocks its thread: for workers. */
export const hashArgon2 = (password: Uint8Array): string => hashSync(password, { ...parameters, algorithm: ARGON2ID });

/** Blocks its thread: for workers. @throws {Error} if `phc` is no argon2 hash */
export const matchesArgon2 = (phc: string, password: Uint8Array): boolean => verifySync(phc, password);

/** Whether a hash was made with other parameters than those of today, so that the next right password should replace it. */
export function needsRehash(phc: string): boolean {
  const { algorithm, memoryCost, timeCost, parallelism } = parseOptions(phc);
  return algorithm !== ARGON2ID || memoryCost !== parameters.memoryCost || timeCost !== parameters.timeCost || parallelism !== parameters.parallelism;
}
