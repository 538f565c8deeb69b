import { epochMillis, type EpochMillis } from '@rollcall/kernel';

const SKEW_MS = 5 * 60 * 1_000;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const form = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) UTC (\d{4})$/;

/** `EEE MMM d HH:mm:ss 'UTC' yyyy` in English, such as "Thu Nov 5 03:04:07 UTC 2026". */
export function srpTimestampOf(at: EpochMillis): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${weekdays[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${date.getUTCDate()} ${clock} UTC ${date.getUTCFullYear()}`;
}

/**
 * Whether a client's TIMESTAMP lies within 5 minutes of now and is written in exactly the one form. Like Cognito it refuses
 * every other text for the same instant, such as a day with a leading zero or a wrong weekday.
 */
export function srpTimestamp(text: string, now: EpochMillis): boolean {
  const [, month = '', day, hours, minutes, seconds, year] = form.exec(text) ?? [];
  const at = Date.UTC(Number(year), months.indexOf(month), Number(day), Number(hours), Number(minutes), Number(seconds));
  return Math.abs(now - at) <= SKEW_MS && srpTimestampOf(epochMillis(at)) === text;
}
