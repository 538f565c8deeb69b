import { createHash } from 'node:crypto';

import { refusal } from '@rollcall/contracts';

import type { Passwords, StoredCredential } from '../../src/application/passwords.js';

const digest = (...parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest();

/** Passwords without the cost: a digest for a verifier. It counts the jobs, as the lanes do. */
export function fakePasswords() {
  const jobs = { make: 0, matches: 0, srpStart: 0, srpFinish: 0 };
  const verifierOf = (poolId: string, username: string, password: string) => digest(poolId, username, password);
  const passwords: Passwords = {
    async make({ poolId, username, password }): Promise<StoredCredential> {
      jobs.make += 1;
      return { salt: digest(username).subarray(0, 16), verifier: verifierOf(poolId, username, password), argon2: 'today' };
    },
    async matches({ poolId, username, password }, { verifier }) {
      jobs.matches += 1;
      return verifierOf(poolId, username, password).equals(Buffer.from(verifier));
    },
    needsRenewal: ({ argon2 }) => argon2 === 'old',
    async srpStart(A) {
      jobs.srpStart += 1;
      if (!/^[0-9a-f]+$/i.test(A) || BigInt(`0x${A}`) === 0n) throw refusal('InvalidParameter', { reason: 'SRP_A' });
      return { B: 'b0', state: Buffer.alloc(448, 7) };
    },
    /** The fake client signs with the password itself. */
    async srpFinish({ poolId, username }, _state, { verifier }, { signature }) {
      jobs.srpFinish += 1;
      return verifierOf(poolId, username, signature).equals(Buffer.from(verifier));
    },
    isTimely: (timestamp) => timestamp !== 'stale',
  };
  return { passwords, jobs };
}
