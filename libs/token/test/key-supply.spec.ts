import { describe, expect, it } from '@jest/globals';
import { virtualTime } from '@rollcall/eventing/testing';

import { keySupply, type KeyPair, type KeyReserve } from '../src/application/key-supply.js';

const pair = (kid: string): KeyPair => ({ publicJwk: { kty: 'RSA', n: 'n', e: 'AQAB', kid, alg: 'RS256', use: 'sig' }, privateDer: Buffer.from(kid) });

function supplying({ size, failing = false }: { readonly size: number; readonly failing?: boolean }) {
  const kept: KeyPair[] = [];
  const reserve: KeyReserve = {
    take: async (count) => kept.splice(0, count),
    put: async (key) => { kept.push(key); },
    count: async () => kept.length,
  };
  const warnings: string[] = [];
  let making = 0;
  let most = 0;
  let made = 0;
  const generate = async () => {
    if (failing) throw new Error('no entropy');
    most = Math.max(most, ++making);
    await Promise.resolve();
    making -= 1;
    return pair(`made ${++made}`);
  };
  const time = virtualTime();
  const log = { error: () => undefined, info: () => undefined, warn: (_: unknown, message: string) => { warnings.push(message); } };
  return { supply: keySupply({ reserve, generate, time, log, size }), kept, warnings, time, mostAtOnce: () => most };
}

describe('the supply of signing keys', () => {
  it('fills its reserve one key at a time, and no further', async () => {
    const { supply, kept, time, mostAtOnce } = supplying({ size: 8 });
    supply.refill();
    supply.refill();
    await time.pause(60_000).over;
    expect(kept).toHaveLength(8);
    expect(mostAtOnce()).toBe(1);
    await supply.stop();
  });

  it('makes what the reserve lacks for whoever asks', async () => {
    const { supply, kept } = supplying({ size: 0 });
    kept.push(pair('kept'));
    expect((await supply.take(2)).map(({ publicJwk }) => publicJwk.kid)).toEqual(['kept', 'made 1']);
  });

  it('replaces what was taken', async () => {
    const { supply, kept, time } = supplying({ size: 2 });
    await supply.take(2);
    await time.pause(60_000).over;
    expect(kept).toHaveLength(2);
    await supply.stop();
  });

  it('begins no key after it was stopped', async () => {
    const { supply, kept } = supplying({ size: 8 });
    supply.refill();
    await supply.stop();
    supply.refill();
    await supply.stop();
    expect(kept.length).toBeLessThanOrEqual(1);
  });

  it('says so when a key cannot be made, and goes on serving', async () => {
    const { supply, warnings, time } = supplying({ size: 1, failing: true });
    supply.refill();
    await time.pause(1_000).over;
    expect(warnings).toEqual(['the reserve of signing keys could not be filled']);
    await supply.stop();
  });
});
