import { createDiffieHellman } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { keyObjectPower } from './dh-keys.js';
import { integerOf, paddedBytes } from './integer.js';
import { g, N, primeBytes } from './srp-group.js';
import type { Power } from './srp.js';

/** Which way a thread computes powers: by key objects until `prepare`, then by one DiffieHellman object. */
export type PowerPath = 'key-objects' | 'generator-2' | 'generator-5';

export interface OpenSslPower {
  /** Constant-time in the exponent. @throws {RangeError} outside 1 < base < N − 1, exponent ≥ 1 */
  readonly power: Power;
  path(): PowerPath;
  /** Blocks this thread for 1.5 s, or 3 where the first generator is slow. Halves the cost of every later power. */
  prepare(): void;
}

/** Half-way between the two costs seen: 0.6 ms, and 7 ms where OpenSSL checks the base's subgroup at each use. */
const FAST_ENOUGH_MS = 2;

/**
 * Powers by OpenSSL, for one thread.
 *
 * Creating the object costs 1.5 s, a primality check that Node makes. Which generator it is created with does not matter to the
 * result, for the base is always ours; but with 2 some versions of Node recognise a named group and check the subgroup on each
 * use, eleven times slower. So it is tried, not assumed.
 */
export function openSslPower({ byKeys, create, now }: Means = openSsl): OpenSslPower {
  let chosen: { readonly path: PowerPath; readonly power: Power } = { path: 'key-objects', power: byKeys };
  return {
    power(base, exponent) {
      if (base <= 1n || base >= N - 1n || exponent < 1n) throw new RangeError('a power outside the group');
      return chosen.power(base, exponent);
    },
    path: () => chosen.path,
    prepare() {
      if (chosen.path !== 'key-objects') return;
      const expected = byKeys(g, probe);
      let best = { ...chosen, ms: timed(byKeys, expected, now) };
      for (const [path, generator] of [['generator-2', 2], ['generator-5', 5]] as const) {
        const power = groupPower(create(primeBytes, generator));
        const ms = timed(power, expected, now);
        if (ms < best.ms) best = { path, power, ms };
        if (best.ms <= FAST_ENOUGH_MS && best.path !== 'key-objects') break;
      }
      chosen = best;
    },
  };
}

/** What powers are made of; a test has its own. */
export interface Means {
  readonly byKeys: Power;
  readonly create: (prime: Buffer, generator: number) => Group;
  /** Milliseconds. */
  readonly now: () => number;
}
const openSsl: Means = { byKeys: keyObjectPower, create: createDiffieHellman, now: () => performance.now() };

/** What is used of a DiffieHellman object. */
interface Group {
  setPrivateKey(exponent: Uint8Array): void;
  computeSecret(base: Uint8Array): Uint8Array;
}

const groupPower = (group: Group): Power => (base, exponent) => {
  group.setPrivateKey(paddedBytes(exponent));
  return integerOf(group.computeSecret(paddedBytes(base)));
};

const probe = integerOf(new Uint8Array(32).fill(0xa5));

/** The best of three, for the thread may be interrupted; infinite if the result is wrong. */
function timed(power: Power, expected: bigint, now: () => number): number {
  const times = [1, 2, 3].map(() => {
    const start = now();
    const right = power(g, probe) === expected;
    return right ? now() - start : Infinity;
  });
  return Math.min(...times);
}
