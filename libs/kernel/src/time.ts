import type { Brand } from './brand.js';

/** Milliseconds since 1970-01-01T00:00:00Z: tables and deadlines. */
export type EpochMillis = Brand<number, 'EpochMillis'>;
/** Seconds since 1970-01-01T00:00:00Z, whole: events and the API (NumericDate, RFC 7519 section 2). */
export type EpochSeconds = Brand<number, 'EpochSeconds'>;

export const epochMillis = (value: number): EpochMillis => value as EpochMillis;
export const epochSeconds = (value: number): EpochSeconds => value as EpochSeconds;

/** The whole second that an instant lies in. */
export const secondsOf = (at: EpochMillis): EpochSeconds => Math.floor(at / 1000) as EpochSeconds;
/** The first millisecond of a second. */
export const millisOf = (at: EpochSeconds): EpochMillis => (at * 1000) as EpochMillis;

/** The clock as a need, so that a test can hold it still. */
export interface Clock {
  now(): EpochMillis;
}
