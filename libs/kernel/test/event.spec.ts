import { describe, expect, it } from '@jest/globals';
import { defineEvent, typeOf, type EventOf } from '../src/index.js';

const named = defineEvent('test.thing.named', {
  data: typeOf<{ at: number; by: string }>(),
  personal: typeOf<{ name: string }>(),
  version: 3,
  upcast: { 1: (v1: { at: number }) => ({ ...v1, by: 'nobody' }), 2: (v2: { at: number; by: string }) => ({ ...v2, by: `${v2.by}!` }) },
});
const closed = defineEvent('test.thing.closed', { data: typeOf<{ at: number }>() });
type Thing = EventOf<{ named: typeof named; closed: typeof closed }>;

describe('an event definition', () => {
  it('makes an event of its newest version', () => {
    const event: Thing = named({ at: 1, by: 'ada' }, { name: 'x' });
    expect(event).toEqual({ type: 'test.thing.named', version: 3, data: { at: 1, by: 'ada' }, personal: { name: 'x' } });
    expect(closed({ at: 2 })).toEqual({ type: 'test.thing.closed', version: 1, data: { at: 2 } });
  });
  it('reads every older version, one step at a time', () => {
    expect(named.read({ at: 1 }, 1)).toEqual({ at: 1, by: 'nobody!' });
    expect(named.read({ at: 1, by: 'ada' }, 2)).toEqual({ at: 1, by: 'ada!' });
    expect(named.read({ at: 1, by: 'ada' }, 3)).toEqual({ at: 1, by: 'ada' });
  });
  it.each([0, 4, 1.5])('stops at version %p', (version) => expect(() => named.read({}, version)).toThrow(RangeError));
});
