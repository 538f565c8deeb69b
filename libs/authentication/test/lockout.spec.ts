import { describe, expect, it } from '@jest/globals';

import { lockLadder, lockMillis } from '../src/domain/lockout.js';
import { sourceBlock } from '../src/domain/source-block.js';

describe('a lock-out', () => {
  it.each([[1, 0], [4, 0], [5, 1_000], [6, 2_000], [10, 32_000], [14, 512_000], [15, 900_000], [1_000, 900_000]])(
    'after %i wrong passwords lasts %i ms', (failures, millis) => expect(lockMillis(failures)).toBe(millis));
  it.each([0, -1, 1.5, Number.NaN])('is not counted from %p', (failures) => expect(() => lockMillis(failures)).toThrow(RangeError));
  it('has a ladder whose last step is the longest', () => expect([lockLadder.length, lockLadder.at(-1)]).toEqual([15, 900_000]));
});

describe('a source', () => {
  it.each([
    ['192.0.2.7', '192.0.2.0/24'], ['192.0.2.255', '192.0.2.0/24'], ['::ffff:192.0.2.7', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'], ['2001:DB8:1:2::1', '2001:db8:1:2::/64'], ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'], ['fe80::1%eth0', 'fe80:0:0:0::/64'], ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ])('of %s is the block %s', (address, block) => expect(sourceBlock(address)).toBe(block));
  it.each([undefined, '', 'localhost', '192.0.2', '192.0.2.256', '1.2.3.4.5', '::1::2', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '12345::1', 'g::1', ':::'])(
    'C3: %p, which is no address, is one source for all', (address) => expect(sourceBlock(address)).toBe('unknown'));
});
