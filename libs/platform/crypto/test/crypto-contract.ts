/** What every implementation of the port does. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rsaPrivateKey, rsaPublicKey, type CountedJob, type CryptoPort } from '../src/index.js';
import * as reference from './bigint-reference.js';
import { verify } from 'node:crypto';

const ada = { poolName: 'AbCdEf123', username: 'ada' };
const password = 'Enchantress-1843';
const source = '192.0.2.0/24';
const timestamp = 'Thu Nov 5 03:04:07 UTC 2026';
const secretBlock = Buffer.from('sealed');
const invalid = expect.objectContaining({ name: 'DomainError', code: 'InvalidParameter' });

/** Which jobs some work costs. */
export async function jobsOf(port: CryptoPort, work: () => Promise<unknown>): Promise<Partial<Record<CountedJob, number>>> {
  const before = port.counts();
  await work();
  const grown = Object.entries(port.counts()).map(([job, count]) => [job, count - before[job as CountedJob]] as const);
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}

export function describeCryptoPort(name: string, start: () => CryptoPort): void {
  describe(`the cryptography ${name}`, () => {
    let port: CryptoPort;
    beforeAll(() => void (port = start()));
    afterAll(() => port.close());

    const credential = () => port.makeCredential({ ...ada, password, kinds: { verifier: true, argon2: true } }, source);
    const login = async (stored: { salt: Buffer; verifier: Buffer }, offered = password, a = 0x1234567890abcdefn) => {
      const { B, state } = await port.srpStart({ A: reference.power(2n, a).toString(16), verifier: stored.verifier }, source);
      const signature = reference.clientSignature({ ...ada, password: offered, salt: stored.salt }, a, BigInt(`0x${B}`), secretBlock, timestamp);
      return port.srpFinish({ ...ada, state, verifier: stored.verifier, secretBlock, timestamp, signature }, source);
    };

    it('makes a credential, against which its password alone matches', async () => {
      const { srp, argon2 } = await credential();
      if (!srp || !argon2) throw new Error('not made');
      expect([Buffer.isBuffer(srp.salt), srp.salt.length, Buffer.isBuffer(srp.verifier), srp.verifier.length]).toEqual([true, 16, true, 384]);
      for (const against of [{ kind: 'verifier', ...srp }, { kind: 'argon2', phc: argon2 }] as const) {
        expect(await port.checkPassword({ ...ada, password, against }, source)).toEqual({ matches: true, needsRehash: false });
        expect((await port.checkPassword({ ...ada, password: `${password} `, against }, source)).matches).toBe(false);
      }
      expect((await port.checkPassword({ ...ada, username: 'adam', password, against: { kind: 'verifier', ...srp } }, source)).matches).toBe(false);
    });
    it('makes only what is asked for, each time with another salt', async () => {
      const kinds = { verifier: true, argon2: false };
      const [one, two] = [await port.makeCredential({ ...ada, password, kinds }, source), await port.makeCredential({ ...ada, password, kinds }, source)];
      expect(Object.keys(one)).toEqual(['srp']);
      expect(one.srp?.salt).not.toEqual(two.srp?.salt);
      expect(Object.keys(await port.makeCredential({ ...ada, password, kinds: { verifier: false, argon2: true } }, source))).toEqual(['argon2']);
    });
    it('finds a hash of other parameters in need of a new one', async () => {
      const phc = '$argon2id$v=19$m=8192,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$V2hhdGV2ZXIgaXQgaXMsIGl0IGlzIG5vdCByaWdodC4';
      expect(await port.checkPassword({ ...ada, password, against: { kind: 'argon2', phc } }, source)).toEqual({ matches: false, needsRehash: true });
    });
    it('runs both legs of SRP', async () => {
      const { srp } = await credential();
      if (!srp) throw new Error('not made');
      expect(await login(srp)).toBe(true);
      expect(await login(srp, 'enchantress-1843')).toBe(false);
    });
    it('costs the same jobs for a user who does not exist', async () => {
      const { srp, argon2 } = await credential();
      if (!srp || !argon2) throw new Error('not made');
      const nobody = { salt: Buffer.alloc(16, 9), verifier: srp.verifier };
      const legs = { srpStart: 1, srpFinish: 1 };
      expect(await jobsOf(port, () => login(srp))).toEqual(legs);
      expect(await jobsOf(port, () => login(nobody))).toEqual(legs);
      expect(await jobsOf(port, () => port.checkPassword({ ...ada, password, against: { kind: 'verifier', ...nobody } }, source))).toEqual({ checkVerifier: 1 });
      expect(await jobsOf(port, () => port.checkPassword({ ...ada, password, against: { kind: 'argon2', phc: argon2 } }, source))).toEqual({ checkArgon2: 1 });
      expect(await jobsOf(port, credential)).toEqual({ makeVerifier: 1, hashArgon2: 1 });
    });
    it('D1: passes on the refusal of an A that is zero modulo N', async () => {
      const { srp } = await credential();
      for (const A of [0n, reference.N, 2n * reference.N]) {
        await expect(port.srpStart({ A: A.toString(16), verifier: srp?.verifier ?? Buffer.of() }, source)).rejects.toEqual(invalid);
      }
    });
    it('C21: refuses a password of a megabyte before any job', async () => {
      const { argon2 = '' } = await credential();
      const long = 'x'.repeat(1_000_000);
      expect(await jobsOf(port, async () => {
        await expect(port.makeCredential({ ...ada, password: long, kinds: { verifier: true, argon2: true } }, source)).rejects.toEqual(invalid);
        await expect(port.checkPassword({ ...ada, password: long, against: { kind: 'argon2', phc: argon2 } }, source)).rejects.toEqual(invalid);
      })).toEqual({});
    });
    it('fails with an error, and serves on, when what is stored is no hash', async () => {
      await expect(port.checkPassword({ ...ada, password, against: { kind: 'argon2', phc: 'none' } }, source)).rejects.toMatchObject({ name: 'Error' });
      expect(await jobsOf(port, credential)).toEqual({ makeVerifier: 1, hashArgon2: 1 });
    });
    it('generates a key and signs with it', async () => {
      const jobs = await jobsOf(port, async () => {
        const pair = await port.generateRsaKeyPair();
        const signature = await port.signRs256(rsaPrivateKey(pair.privateDer), Buffer.from('content'));
        expect(verify('sha256', Buffer.from('content'), rsaPublicKey(pair.publicJwk), signature)).toBe(true);
      });
      expect(jobs).toEqual({ generateRsaKeyPair: 1, signRs256: 1 });
    });
  });
}
