import { createHmac } from 'node:crypto';

import { memoryStore, testIds } from '@rollcall/eventing/testing';
import { epochMillis, millisOf } from '@rollcall/kernel';

import type { ClaimHashes } from '../src/application/claim-hashes.js';
import { noon } from './given.js';
import { memoryVault } from './memory-vault.js';

const hashes: ClaimHashes = {
  ready: async () => (namespace, value) => ({ namespace, valueHash: createHmac('sha256', 'a key').update(`${namespace}\n${value}`).digest('hex') }),
};

/** All needs over memory, a clock that stands still, and counts of what was read. */
export function memoryNeeds() {
  let millis = millisOf(noon);
  let secrets = 0;
  let reads = 0;
  let lookups = 0;
  let pretended = 0;
  const clock = { now: () => millis };
  const store = memoryStore(clock);
  return {
    store: { ...store, read: (...args: Parameters<typeof store.read>) => { reads += 1; return store.read(...args); } },
    claims: { find: (key: Parameters<typeof store.find>[0]) => { lookups += 1; return store.find(key); } },
    vault: memoryVault(clock.now),
    sealing: { pretend: async () => { pretended += 1; } },
    ids: testIds(),
    clock,
    hashes,
    newSecret: () => `secret${(secrets += 1)}`.padEnd(52, 'x'),
    pass: (passed: number) => { millis = epochMillis(millis + passed); },
    /** How often a key was looked for that nobody has. */
    pretended: () => pretended,
    /** Stream reads and claim look-ups since the last time this was asked. */
    work: () => {
      const done = { reads, lookups };
      reads = lookups = 0;
      return done;
    },
  };
}
