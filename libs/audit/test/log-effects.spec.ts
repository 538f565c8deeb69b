import { describe, expect, it } from '@jest/globals';
import { NO_STREAM } from '@rollcall/eventing';
import { memoryStore } from '@rollcall/eventing/testing';
import type { EventId } from '@rollcall/kernel';

import { logEffects } from '../src/application/log-effects.js';

const stream = 'directory.pool-us-east-1_AbCdEf123';
async function storeWith(count: number) {
  const store = memoryStore();
  for (let n = 0; n < count; n++) {
    await store.append(stream, n === 0 ? NO_STREAM : n - 1, [{ id: `00000000-0000-4000-8000-00000000000${n}` as EventId, type: 't', version: 1, data: {} }], {
      meta: { correlationId: `c${n}`, operation: 'Op', caller: { kind: 'anonymous', id: '' } },
    });
  }
  return store;
}
const source = (store: Awaited<ReturnType<typeof storeWith>>) =>
  logEffects('audit-sweep', { events: store, checkpoints: store, prefixes: ['directory.'] });

describe('the effects in a log', () => {
  it('come once, with what a record needs', async () => {
    const effects = source(await storeWith(2));
    const [first, second] = await effects.next(Infinity);
    expect(first).toMatchObject({ correlationId: 'c0', operation: 'Op', poolId: 'us-east-1_AbCdEf123', eventIds: ['00000000-0000-4000-8000-000000000000'] });
    expect(second).toMatchObject({ correlationId: 'c1' });
    await effects.done();
    expect(await effects.next(Infinity)).toEqual([]);
  });

  it('come again when their records were not written', async () => {
    const store = await storeWith(2);
    const effects = source(store);
    expect(await effects.next(Infinity)).toHaveLength(2);
    expect(await effects.next(Infinity)).toHaveLength(2);
  });

  it('wait until their call must be over', async () => {
    const effects = source(await storeWith(2));
    expect(await effects.next(0)).toEqual([]);
    expect(await effects.next(Infinity)).toHaveLength(2);
  });

  it('come to one process alone', async () => {
    const store = await storeWith(1);
    expect(await source(store).next(Infinity)).toHaveLength(1);
    expect(await source(store).next(Infinity)).toEqual([]);
  });
});
