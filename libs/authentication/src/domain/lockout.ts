/** From this many wrong passwords in a row a name is locked. */
const FREE_FAILURES = 5;
const LONGEST_LOCK_MILLIS = 900_000;
/** A row whose lock has been over for so long is forgotten. */
export const FORGET_MILLIS = 900_000;

/**
 * How long a name is locked that has just been tried wrongly for the `failures`-th time in a row.
 *
 * @param failures consecutive wrong passwords, this one included; 1 or more
 * @returns milliseconds; 0 below five failures
 * @throws {RangeError} if `failures` is not a positive integer
 * @see Amazon Cognito Developer Guide, "Authentication flow", lockout for failed sign-in attempts: 2^(n-5) seconds, at
 *   most about 15 minutes. The cap of exactly 900 s is ours.
 */
export function lockMillis(failures: number): number {
  if (!Number.isInteger(failures) || failures < 1) throw new RangeError('failures are counted from 1');
  return failures < FREE_FAILURES ? 0 : Math.min(LONGEST_LOCK_MILLIS, 1_000 * 2 ** (failures - FREE_FAILURES));
}

/** `lockMillis` of 1, 2, 3, … until it grows no more: for a statement that counts and locks at once. */
export const lockLadder: readonly number[] = Array.from({ length: 15 }, (_, n) => lockMillis(n + 1));
