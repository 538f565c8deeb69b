import { describe, expect, it } from '@jest/globals';

import { repeatedly } from '../src/index.js';
import { virtualTime } from '../src/testing/index.js';

describe('work that is done again and again', () => {
  it('rests after a round, not while there is more, and goes on after a fault', async () => {
    const time = virtualTime();
    const begun = time.now();
    const at: number[] = [];
    const faults: unknown[] = [];
    await new Promise<void>((resolve) => {
      const rounds = repeatedly(time, 1_000, async () => {
        at.push(time.now() - begun);
        if (at.length === 1) return 'again';
        if (at.length === 2) throw new Error('away');
        if (at.length === 4) void rounds.stop().then(resolve);
      }, (error) => faults.push(error));
    });
    expect(at).toEqual([0, 0, 1_000, 2_000]);
    expect(faults).toEqual([new Error('away')]);
  });

  it('ends with the round under way, which can see that it should', async () => {
    let goOn: () => boolean = () => false;
    let finish: () => void = () => {};
    let over = false;
    const rounds = repeatedly(virtualTime(), 1_000, async (goesOn) => {
      goOn = goesOn;
      await new Promise<void>((resolve) => { finish = resolve; });
    }, () => {});
    expect(goOn()).toBe(true);
    const stopped = rounds.stop().then(() => { over = true; });
    expect([goOn(), over]).toEqual([false, false]);
    finish();
    await stopped;
    expect(over).toBe(true);
  });
});
