import { describe, expect, it, jest } from '@jest/globals';
import { inlineCrypto } from '../src/index.js';
import { describeCryptoPort } from './crypto-contract.js';

jest.setTimeout(30_000); // a busy machine

describeCryptoPort('on the calling thread', () => inlineCrypto());

const ada = { poolName: 'AbCdEf123', username: 'ada', password: 'Enchantress-1843' };
const unavailable = expect.objectContaining({ name: 'DomainError', code: 'Unavailable' });

describe('the lanes', () => {
  const flood = async (kinds: { verifier: boolean; argon2: boolean }, source: (n: number) => string) => {
    const port = inlineCrypto({ queue: 8 });
    const answers = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => port.makeCredential({ ...ada, kinds }, source(n))));
    await port.close();
    const refused = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => (reason as { code: string }).code);
    return { refused, counts: port.counts() };
  };
  it.each([[{ verifier: true, argon2: false }], [{ verifier: false, argon2: true }]])('refuse a source that floods them beyond a quarter of the queue (%j)', async (kinds) => {
    const { refused, counts } = await flood(kinds, () => 'one source');
    expect(refused).toEqual(Array.from({ length: 37 }, () => 'TooManyRequests')); // one runs, two wait
    expect([counts.makeVerifier, counts.hashArgon2]).toEqual(kinds.verifier ? [3, 0] : [0, 3]);
  });
  it('refuse all sources beyond the queue', async () => {
    const { refused, counts } = await flood({ verifier: true, argon2: false }, (n) => `source ${n}`);
    expect(refused).toHaveLength(31); // one runs, eight wait
    expect(counts.makeVerifier).toBe(9);
  });
  it('are two: a full one for argon2id leaves SRP free', async () => {
    const port = inlineCrypto({ queue: 4 });
    const flooded = Promise.allSettled(Array.from({ length: 10 }, () => port.makeCredential({ ...ada, kinds: { verifier: false, argon2: true } }, 'one source')));
    const made = await port.makeCredential({ ...ada, kinds: { verifier: true, argon2: false } }, 'one source');
    expect(made.srp?.verifier).toHaveLength(384);
    expect((await flooded).filter(({ status }) => status === 'rejected')).toHaveLength(8);
    await port.close();
  });
  it('finish what they have when closed, and take no more', async () => {
    const port = inlineCrypto();
    const admitted = Array.from({ length: 5 }, () => port.makeCredential({ ...ada, kinds: { verifier: true, argon2: false } }, 'one source'));
    const closed = port.close();
    await expect(port.makeCredential({ ...ada, kinds: { verifier: true, argon2: false } }, 'one source')).rejects.toEqual(unavailable);
    await closed;
    expect(port.counts().makeVerifier).toBe(5);
    expect((await Promise.all(admitted)).every(({ srp }) => srp?.verifier.length === 384)).toBe(true);
  });
});
