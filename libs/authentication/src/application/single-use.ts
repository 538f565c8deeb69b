import type { EpochSeconds } from '@rollcall/kernel';

import type { Cause } from './cause.js';

/** Whose Session or SECRET_BLOCK is used up, for the audit. */
export interface UseFacts extends Cause {
  readonly poolId: string;
  readonly sub?: string | undefined;
}

/** Values that pass once: an expiring row per value, inserted when it is used; issuing one writes nothing. */
export interface SingleUse {
  /**
   * Uses a value up. The same request may come again for 60 s, for its answer may have been lost.
   *
   * @param requestMark keyed hash of the request; `undefined` never passes twice
   * @returns false if it was used before by another request
   */
  use(id: string, expiresAt: EpochSeconds, requestMark: string | undefined, facts: UseFacts): Promise<boolean>;
}
