import { describe, expect, it } from '@jest/globals';
import { epochMillis } from '@rollcall/kernel';
import fc from 'fast-check';
import { srpTimestamp, srpTimestampOf } from '../src/index.js';

const at = (iso: string) => epochMillis(Date.parse(iso));
const noon = at('2026-11-05T03:04:07.500Z');

describe('a TIMESTAMP of SRP', () => {
  it('is written for any second, and read again', () => fc.assert(fc.property(
    fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
    (date) => expect(srpTimestamp(srpTimestampOf(epochMillis(date.getTime())), epochMillis(date.getTime()))).toBe(true),
  )));
  it('has the form that was observed', () => expect(srpTimestampOf(noon)).toBe('Thu Nov 5 03:04:07 UTC 2026'));

  it.each([['2026-11-05T02:59:07.500Z', true], ['2026-11-05T02:59:06.999Z', false], ['2026-11-05T03:09:07.000Z', true], ['2026-11-05T03:09:07.001Z', false]])(
    'D5: is stale after five minutes on either side (now %s: %p)', (now, passes) => expect(srpTimestamp('Thu Nov 5 03:04:07 UTC 2026', at(now))).toBe(passes));
  it('D5: is stale a day, a month or a year later', () => {
    for (const now of ['2026-11-06T03:04:07Z', '2026-12-05T03:04:07Z', '2027-11-05T03:04:07Z']) expect(srpTimestamp('Thu Nov 5 03:04:07 UTC 2026', at(now))).toBe(false);
  });
  it.each([
    'Thu Nov 05 03:04:07 UTC 2026', // day with a leading zero
    'Thu Nov  5 03:04:07 UTC 2026', // padded with a blank, as C's asctime
    'Wed Nov 5 03:04:07 UTC 2026', // another weekday
    'Do. Nov. 5 03:04:07 UTC 2026', 'Do Nov 5 03:04:07 UTC 2026', 'jeu. nov. 5 03:04:07 UTC 2026', // other languages
    'THU NOV 5 03:04:07 UTC 2026', 'thu nov 5 03:04:07 utc 2026',
    'Thu Nov 5 3:4:7 UTC 2026', 'Thu Nov 5 03:04:07 GMT 2026', 'Thu Nov 5 03:04:07 UTC 26', 'Thu Nov 5 03:04:07 2026',
    'Thu Nov 5 02:64:07 UTC 2026', 'Thu Nov 5 03:03:67 UTC 2026', 'Thu Oct 36 03:04:07 UTC 2026',
    ' Thu Nov 5 03:04:07 UTC 2026', 'Thu Nov 5 03:04:07 UTC 2026\n', '2026-11-05T03:04:07Z', '1793847847', '',
    'Thu Nov ٥ 03:04:07 UTC 2026',
  ])('D5: is refused in another form of the same instant: %j', (text) => expect(srpTimestamp(text, noon)).toBe(false));
});
