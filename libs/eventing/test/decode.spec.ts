import { describe, expect, it } from '@jest/globals';
import { defineEvent, typeOf } from '@rollcall/kernel';

import { decode, definitionsOf, NO_STREAM, type NewEvent } from '../src/index.js';
import { memoryStore } from '../src/testing/index.js';
import { by, counted, subject } from './events.js';

const named = defineEvent('test.named', {
  data: typeOf<{ by: string }>(),
  personal: typeOf<{ name: string }>(),
  version: 2,
  upcast: { 1: () => ({ by: 'nobody' }) },
});
const closed = defineEvent('test.closed', { data: typeOf<{ at: number }>() });
const definitions = definitionsOf({ named, closed });

const stored = async (event: Partial<NewEvent>) => {
  const store = memoryStore();
  await store.append('test.a', NO_STREAM, [{ ...counted(1), ...event }], by);
  return { store, event: (await store.read('test.a')).events[0]! };
};

describe('a stored event', () => {
  it('is read as the domain made it', async () => {
    const { event } = await stored({ ...named({ by: 'ada' }, { name: 'Ada' }), subject });
    expect(decode(definitions, event)).toEqual(named({ by: 'ada' }, { name: 'Ada' }));
    const { event: other } = await stored(closed({ at: 1 }));
    expect(decode(definitions, other)).toEqual(closed({ at: 1 }));
  });

  it('of an older version has the newest data', async () => {
    const { event } = await stored({ type: 'test.named', version: 1, data: {} });
    expect(decode(definitions, event).data).toEqual({ by: 'nobody' });
  });

  it('of an erased person has null where the person was', async () => {
    const { store } = await stored({ ...named({ by: 'ada' }, { name: 'Ada' }), subject });
    await store.destroyPerson(subject);
    expect(decode(definitions, (await store.read('test.a')).events[0]!)).toMatchObject({ data: { by: 'ada' }, personal: null });
  });

  it.each([['test.unheard-of', 1], ['test.named', 3], ['test.named', 0]])('%s v%i stops its reader', async (type, version) => {
    const { event } = await stored({ type, version });
    expect(() => decode(definitions, event)).toThrow(expect.objectContaining({ name: 'UnknownStoredEvent', type, version }));
  });
});
