import { describe, expect, it } from '@jest/globals';
import { epochMillis } from '@rollcall/kernel';

import { keptFor } from '../src/application/kept.js';

function kept(most?: number) {
  let now = 0;
  let fetched = 0;
  const answers = keptFor<number>(1_000, { now: () => epochMillis(now) }, most);
  return { ...answers, at: (millis: number) => { now = millis; }, ask: (key: string) => answers.get(key, async () => (fetched += 1)) };
}

describe('an answer kept for a second', () => {
  it('counts from the start of its fetch', async () => {
    const { get, at, ask } = kept();
    let finish = (_value: number) => {};
    const slow = get('key', () => new Promise((resolve) => { finish = resolve; }));
    at(999);
    const shared = ask('key');
    at(1_000);
    const fresh = ask('key');
    finish(0);
    expect(await Promise.all([slow, shared, fresh])).toEqual([0, 0, 1]);
  });
  it('is not served once it is dropped, even if its fetch ends later', async () => {
    const { get, drop, ask } = kept();
    let finish = (_value: number) => {};
    const before = get('key', () => new Promise((resolve) => { finish = resolve; }));
    drop('key');
    const after = ask('key');
    finish(0);
    expect([await before, await after, await ask('key')]).toEqual([0, 1, 1]);
  });
  it('is not kept if it failed', async () => {
    const { get, ask } = kept();
    await expect(get('key', () => Promise.reject(new Error('nobody')))).rejects.toThrow('nobody');
    expect(await ask('key')).toBe(1);
  });
  it('is kept for so many keys at most, the oldest goes first', async () => {
    const { ask } = kept(2);
    for (const key of ['a', 'b', 'c']) await ask(key);
    expect([await ask('b'), await ask('c'), await ask('a')]).toEqual([2, 3, 4]);
  });
});
