import { describe, expect, it } from '@jest/globals';

import { requestIds } from '../src/index.js';

const ids = requestIds(Buffer.alloc(32, 1));

describe('ids of what a call makes', () => {
  it('are the same when the request is sent again', () => expect(ids.derive('abc', 'event s', 0)).toBe(ids.derive('abc', 'event s', 0)));
  it('differ by request, purpose, number and service', () => {
    const all = [ids.derive('abc', 'event s', 0), ids.derive('abd', 'event s', 0), ids.derive('abc', 'event t', 0), ids.derive('abc', 'event s', 1),
      requestIds(Buffer.alloc(32, 2)).derive('abc', 'event s', 0)];
    expect(new Set(all).size).toBe(5);
  });
  it('are random without a request key', () => expect(ids.derive(undefined, 'event s', 0)).not.toBe(ids.derive(undefined, 'event s', 0)));
});
