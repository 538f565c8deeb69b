import { describe, expect, it } from '@jest/globals';
import { integerOf, paddedBytes } from '../src/integer.js';
import { openSslPower } from '../src/power.js';
import { g } from '../src/srp-group.js';
import * as reference from './bigint-reference.js';

type Cost = number | 'wrong';

/** A machine on which a power takes so many milliseconds by key objects and by each generator, or has a wrong result. */
function machine(costs: { readonly keys: Cost; readonly 2: Cost; readonly 5: Cost }) {
  let clock = 0;
  const created: number[] = [];
  const spend = (cost: Cost): bigint => {
    clock += cost === 'wrong' ? 0 : cost;
    return cost === 'wrong' ? 1n : 0n; // what the result is off by
  };
  const powers = openSslPower({
    byKeys: (base, exponent) => reference.power(base, exponent) + spend(costs.keys),
    create(_prime, generator) {
      created.push(generator);
      let exponent = 0n;
      return {
        setPrivateKey: (bytes) => void (exponent = integerOf(bytes)),
        computeSecret: (base) => paddedBytes(reference.power(integerOf(base), exponent) + spend(costs[generator as 2 | 5])),
      };
    },
    now: () => clock,
  });
  return { powers, created };
}

describe('the way powers are computed', () => {
  it.each([
    ['generator 2 where that is fast', { keys: 1.4, 2: 0.66, 5: 0.65 }, 'generator-2', [2]],
    ['generator 5 where 2 is checked at each use', { keys: 1.4, 2: 7, 5: 0.65 }, 'generator-5', [2, 5]],
    ['generator 5 where 2 is wrong', { keys: 1.4, 2: 'wrong', 5: 0.65 }, 'generator-5', [2, 5]],
    ['the faster one of a slow machine', { keys: 7, 2: 3, 5: 3.5 }, 'generator-2', [2, 5]],
    ['key objects where nothing is better', { keys: 1.4, 2: 7, 5: 'wrong' }, 'key-objects', [2, 5]],
  ] as const)('is by %s', (_name, costs, path, generators) => {
    const { powers, created } = machine(costs);
    expect(powers.path()).toBe('key-objects');
    powers.prepare();
    expect(powers.path()).toBe(path);
    expect(created).toEqual(generators);
    expect(powers.power(g, 1_000n)).toBe(reference.power(g, 1_000n));
  });
  it('is prepared once', () => {
    const { powers, created } = machine({ keys: 1.4, 2: 0.66, 5: 0.65 });
    powers.prepare();
    powers.prepare();
    expect(created).toEqual([2]);
  });
});
