import { describe, expect, it } from '@jest/globals';

import { mergedWriter } from '../src/adapters/merged-writer.js';

/** A write that settles when told to. */
function held<T>() {
  const batches: (readonly T[])[] = [];
  const settle: { done: () => void; fail: (error: Error) => void }[] = [];
  const write = (items: readonly T[]) => new Promise<void>((done, fail) => { batches.push(items); settle.push({ done, fail }); });
  return { batches, settle, write };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a merged writer', () => {
  it('writes a lone item at once', async () => {
    const batches: (readonly number[])[] = [];
    await mergedWriter<number>(async (items) => { batches.push(items); })(1);
    expect(batches).toEqual([[1]]);
  });

  it('puts whatever waits while a write is in flight into the next', async () => {
    const { batches, settle, write } = held<number>();
    const append = mergedWriter(write);
    const all = Promise.all([append(1), append(2), append(3)]);
    expect(batches).toEqual([[1]]);
    settle[0]?.done();
    await turn();
    expect(batches).toEqual([[1], [2, 3]]);
    settle[1]?.done();
    await all;
  });

  it('tells each caller of its own batch alone', async () => {
    const { settle, write } = held<number>();
    const append = mergedWriter(write);
    const first = append(1);
    const second = append(2);
    settle[0]?.fail(new Error('disk full'));
    await expect(first).rejects.toThrow('disk full');
    await turn();
    settle[1]?.done();
    await expect(second).resolves.toBeUndefined();
  });

  it('keeps to its largest batch', async () => {
    const sizes: number[] = [];
    const append = mergedWriter<number>(async (items) => { sizes.push(items.length); await turn(); }, 3);
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map(append));
    expect(sizes).toEqual([1, 3, 3]);
  });
});
