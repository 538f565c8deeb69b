import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { hashSync } from '@node-rs/argon2';
import { hashArgon2, passwordBytes, workerCrypto, type CryptoPort } from '../src/index.js';
import { describeCryptoPort } from './crypto-contract.js';

jest.setTimeout(30_000); // a busy machine

describeCryptoPort('in workers', () => workerCrypto({ workers: 2 }));

const ada = { poolName: 'AbCdEf123', username: 'ada', password: 'Enchantress-1843' };
const verifier = { ...ada, kinds: { verifier: true, argon2: false } };

describe('a worker', () => {
  // First, for a thread in the middle of a hash ends only with it.
  it('that is stuck is ended at the deadline and replaced', async () => {
    const port = workerCrypto({ workers: 1, deadlineMs: 1_500 });
    const slow = hashSync('x', { memoryCost: 8, timeCost: 1 }).replace('m=8,t=1', 'm=19456,t=500'); // 3 s at least
    const check = (phc: string) => port.checkPassword({ ...ada, against: { kind: 'argon2', phc } }, 'source');
    await expect(check(slow)).rejects.toMatchObject({ code: 'DeadlineExceeded' });
    expect(await check(hashArgon2(passwordBytes(ada.password)))).toEqual({ matches: true, needsRehash: false });
    await port.close();
  });
  it('does not keep the process alive', async () => {
    const { spawn } = await import('node:child_process');
    const script = `import { workerCrypto } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
      await workerCrypto({ workers: 1 }).makeCredential(${JSON.stringify(verifier)}, 'source');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
});

describe('preparing the workers', () => {
  let port: CryptoPort;
  beforeAll(() => void (port = workerCrypto({ workers: 2 })));
  afterAll(() => port.close());

  it('changes the way of every SRP seat, while they serve on with equal results', async () => {
    expect(port.powerPaths()).toEqual(['key-objects', 'key-objects']);
    const { srp } = await port.makeCredential(verifier, 'source');
    if (!srp) throw new Error('not made');
    let prepared = false;
    const preparing = port.prepare().then(() => (prepared = true));
    let served = 0;
    for (; !prepared; served++) {
      const { matches } = await port.checkPassword({ ...ada, against: { kind: 'verifier', ...srp } }, 'source');
      expect(matches).toBe(true);
    }
    await preparing;
    expect(served).toBeGreaterThan(10);
    expect(port.powerPaths()).toEqual(['generator-2', 'generator-2']); // Node 24: see the measurement in power.ts
  });
});

describe('closing the workers', () => {
  it('finishes what was admitted, of both lanes', async () => {
    const port = workerCrypto({ workers: 2 });
    const kinds = [{ verifier: true, argon2: false }, { verifier: false, argon2: true }] as const;
    const admitted = Array.from({ length: 12 }, (_, n) => port.makeCredential({ ...ada, kinds: kinds[n % 2] ?? kinds[0] }, 'source'));
    const closed = port.close();
    await expect(port.makeCredential(verifier, 'source')).rejects.toMatchObject({ code: 'Unavailable' });
    await closed;
    const made = await Promise.all(admitted);
    expect(made.filter(({ srp }) => srp?.verifier.length === 384)).toHaveLength(6);
    expect(made.filter(({ argon2 }) => argon2?.startsWith('$argon2id$'))).toHaveLength(6);
  });
  it('does not wait for a preparation', async () => {
    const port = workerCrypto({ workers: 2 });
    const preparing = port.prepare();
    await port.close();
    await preparing;
    expect(port.powerPaths()).toEqual(['key-objects', 'key-objects']);
  });
  it('is quick where none has started', async () => expect(await workerCrypto().close()).toBeUndefined());
});
