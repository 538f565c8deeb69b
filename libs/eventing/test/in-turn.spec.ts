import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rollcall/kernel';

import { inTurn } from '../src/index.js';

/** Work that a test finishes by hand. */
function job() {
  let finish = () => {};
  let fail = (_: Error) => {};
  let begun = false;
  const done = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  return { work: () => { begun = true; return done; }, begun: () => begun, finish: () => finish(), fail: (error: Error) => fail(error) };
}
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

describe('work in turn', () => {
  it('runs strictly one after another on one key, in the order of asking', async () => {
    const log: string[] = [];
    await Promise.all(['a', 'b', 'c'].map((name) => inTurn('key', async () => {
      log.push(`${name} begins`);
      await settled();
      log.push(`${name} ends`);
    })));
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('runs side by side on different keys', async () => {
    const [one, two] = [job(), job()];
    const both = [inTurn('one', one.work), inTurn('two', two.work)];
    await settled();
    expect([one.begun(), two.begun()]).toEqual([true, true]);
    one.finish();
    two.finish();
    await Promise.all(both);
  });

  it('lets one work and four wait, and refuses the next at once', async () => {
    const first = job();
    const waiting = [inTurn('key', first.work), ...[1, 2, 3, 4].map((n) => inTurn('key', async () => n))];
    let ran = false;
    await expect(inTurn('key', async () => { ran = true; })).rejects.toMatchObject({ name: 'DomainError', code: 'TooManyRequests' });
    first.finish();
    expect(await Promise.all(waiting)).toEqual([undefined, 1, 2, 3, 4]);
    expect(ran).toBe(false);
    expect(await inTurn('key', async () => 'free again')).toBe('free again');
  });

  it('lets as many wait as it is told', async () => {
    const first = job();
    const turn = inTurn('key', first.work, 0);
    await expect(inTurn('key', async () => {}, 0)).rejects.toMatchObject({ code: 'TooManyRequests' });
    first.finish();
    await turn;
  });

  it('goes on after work that failed, or threw before it began', async () => {
    const first = job();
    const turns = Promise.allSettled([inTurn('key', first.work), inTurn('key', () => { throw new Error('at once'); }), inTurn('key', async () => 'done')]);
    first.fail(new Error('broken'));
    expect(await turns).toMatchObject([{ reason: { message: 'broken' } }, { reason: { message: 'at once' } }, { value: 'done' }]);
  });
});

describe('guesses in turn', () => {
  /** Locks after five wrong ones; checking, judging and counting take a turn of the event loop each. */
  const guessing = () => {
    let wrong = 0;
    let judged = 0;
    const guess = () => inTurn('lock-out key', async () => {
      await settled();
      if (wrong >= 5) throw new DomainError('TooManyAttempts');
      await settled();
      judged += 1;
      await settled();
      wrong += 1;
      throw new DomainError('PasswordMismatch');
    });
    return { guess, judged: () => judged };
  };

  it.each([[8, 5], [1, 40], [40, 1]])('of 40, in %i bursts of %i, five are judged', async (bursts, each) => {
    const { guess, judged } = guessing();
    for (let burst = 0; burst < bursts; burst++) await Promise.allSettled(Array.from({ length: each }, guess));
    expect(judged()).toBe(5);
  });
});
