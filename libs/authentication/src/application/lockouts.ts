import type { Cause } from './cause.js';

/** Who is guessed at, and from where. */
export interface LockoutKey {
  /** Keyed hash (hex) of pool and user, or of pool and name where the name means nobody. */
  readonly person: string;
  /** `sourceBlock` of the caller. */
  readonly source: string;
}

/** Wrong passwords in a row: rows changed by single statements, timed by the database's clock. */
export interface Lockouts {
  isLocked(key: LockoutKey): Promise<boolean>;
  /** Counts a wrong password and locks from the fifth. `false`: locked, nothing counted. */
  countWrong(key: LockoutKey, cause: Cause): Promise<boolean>;
  /** Forgets all failures. `false`: locked, nothing forgotten, and the success must not count. */
  clear(key: LockoutKey): Promise<boolean>;
}
