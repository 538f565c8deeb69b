import type { EpochMillis } from '@rollcall/kernel';

const FIRST_MILLIS = 2_000;
const LONGEST_MILLIS = 15 * 60_000;

/**
 * When a message whose delivery failed is tried again: after 2 s, doubling, at most 15 minutes apart.
 *
 * @param attempts deliveries tried so far, this one included; 1 or more
 * @param at when the last one failed
 */
export const nextAttempt = (attempts: number, at: EpochMillis): EpochMillis =>
  (at + Math.min(LONGEST_MILLIS, FIRST_MILLIS * 2 ** Math.min(attempts - 1, 20))) as EpochMillis;
