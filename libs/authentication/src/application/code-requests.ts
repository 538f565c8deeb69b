import type { Transaction } from '@rollcall/eventing';

import type { Cause } from './cause.js';

/** Which code: at most one of a user and purpose is alive. */
export interface CodeKey {
  readonly poolId: string;
  readonly sub: string;
  readonly purpose: 'sign-up';
}

/** Codes that were asked for: their request ids, never the codes themselves, which are derived from them. */
export interface CodeRequests {
  /** A new code in place of the one before. The same request id again changes nothing. */
  ask(key: CodeKey, requestId: string, ttlSeconds: number, cause: Cause, tx: Transaction): Promise<void>;
  /**
   * Takes one of the tries of a living code, before anybody looks whether the guess is right: so many are ever judged,
   * whoever asks in parallel. For 60 s the request that used the code up passes again, and takes none.
   *
   * @returns request id; `undefined` if there is no code, or its tries or time are over, or it is used
   */
  takeTry(key: CodeKey, maxTries: number, useMark: string): Promise<string | undefined>;
  /** Uses the code up. `false` if another request was quicker. */
  use(key: CodeKey, requestId: string, useMark: string): Promise<boolean>;
  /** Undoes `use` where what the code was for has been refused and nothing happened. */
  reopen(key: CodeKey, requestId: string, useMark: string): Promise<void>;
  /** Whether this request's code still counts: neither used, nor over, nor replaced by a later one. */
  isAlive(key: CodeKey, requestId: string): Promise<boolean>;
}
