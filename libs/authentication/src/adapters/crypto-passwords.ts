import { DomainError, poolNameOf, type Clock } from '@rollcall/kernel';
import { decodeBase64, needsRehash, srpTimestamp, type CryptoPort } from '@rollcall/platform-crypto';

import type { PasswordOf, Passwords } from '../application/passwords.js';

const identityOf = ({ poolId, username }: PasswordOf) => ({ poolName: poolNameOf(poolId), username });

/** Passwords by the crypto lanes. */
export const cryptoPasswords = ({ crypto, clock }: { readonly crypto: CryptoPort; readonly clock: Clock }): Passwords => ({
  async make({ password, ...of }, source) {
    const { srp, argon2 } = await crypto.makeCredential({ ...identityOf(of), password, kinds: { verifier: true, argon2: true } }, source);
    if (!srp || argon2 === undefined) throw new TypeError('both halves were asked for');
    return { salt: srp.salt, verifier: srp.verifier, argon2 };
  },
  async matches({ password, ...of }, { salt, verifier }, source) {
    return (await crypto.checkPassword({ ...identityOf(of), password, against: { kind: 'verifier', salt, verifier } }, source)).matches;
  },
  needsRenewal: ({ argon2 }) => argon2 === undefined || needsRehash(argon2),
  srpStart: (A, { verifier }, source) => crypto.srpStart({ A, verifier }, source),
  async srpFinish(of, state, { verifier }, { secretBlock, signature, timestamp }, source) {
    const block = decodeBase64(secretBlock);
    if (!block) return false;
    try {
      return await crypto.srpFinish({ ...identityOf(of), state, verifier, secretBlock: block, timestamp, signature }, source);
    } catch (error) {
      // A shared secret that needs no password: an answer like that is a wrong one, and counts.
      if (error instanceof DomainError && error.code === 'InvalidParameter') return false;
      throw error;
    }
  },
  isTimely: (timestamp) => srpTimestamp(timestamp, clock.now()),
});
