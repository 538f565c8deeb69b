import { describe, expect, it } from '@jest/globals';

import { bell, systemTime } from '../src/index.js';
import { virtualTime } from '../src/testing/index.js';

describe('a bell', () => {
  it('ends a wait when it rings', async () => {
    const time = virtualTime();
    const before = time.now();
    const waking = bell(time);
    const waited = waking.wait(60_000);
    await time.pause(5).over;
    waking.ring();
    await waited;
    expect(time.now() - before).toBe(5);
  });

  it('that rang while nobody waited is heard once', async () => {
    const time = virtualTime();
    const before = time.now();
    const waking = bell(time);
    waking.ring();
    waking.ring();
    await waking.wait(60_000);
    expect(time.now() - before).toBe(0);
    await waking.wait(60_000);
    expect(time.now() - before).toBe(60_000);
  });
});

describe('the time of the system', () => {
  it('passes', async () => {
    const before = systemTime.now();
    await systemTime.pause(5).over;
    expect(systemTime.now()).toBeGreaterThan(before);
  });

  it('leaves no timer behind a pause that was ended', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const pause = systemTime.pause(3_600_000);
    expect(timers()).toBe(before + 1);
    pause.end();
    await pause.over;
    expect(timers()).toBe(before);
  });
});
