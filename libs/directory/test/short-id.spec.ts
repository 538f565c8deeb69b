import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { clientIdFrom, poolIdFrom } from '../src/domain/short-id.js';

describe('ids from UUIDs', () => {
  it('have the form that clients of the API expect', () => fc.assert(fc.property(fc.uuid(), fc.uuid(), (one, two) => {
    expect(poolIdFrom('eu-west-1', one)).toMatch(/^eu-west-1_[0-9A-Za-z]{9}$/);
    expect(clientIdFrom(one, two)).toMatch(/^[a-z0-9]{26}$/);
  })));
  it('are the same for the same UUIDs and use all of both', () => {
    const [a, b] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
    expect(poolIdFrom('r', a)).toBe(poolIdFrom('r', a));
    expect(new Set([poolIdFrom('r', a), poolIdFrom('r', b)]).size).toBe(2);
    expect(new Set([clientIdFrom(a, a), clientIdFrom(a, b), clientIdFrom(b, a), clientIdFrom(b, b)]).size).toBe(4);
  });
});
