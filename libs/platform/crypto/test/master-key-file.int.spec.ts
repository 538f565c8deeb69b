import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deriveServiceKey, fileKeyProvider, masterKeyProvider, SealBroken } from '../src/index.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-key-'));
  file = join(folder, 'keys', 'master.key');
});
afterEach(() => rm(folder, { recursive: true }));

const secret = Buffer.from('a pool key');

describe('the master key file', () => {
  it('is made at the first start: 32 bytes, for its owner alone, and nothing beside it', async () => {
    await fileKeyProvider(file);
    const facts = await stat(file);
    expect(facts.mode & 0o777).toBe(0o600);
    expect(facts.size).toBe(32);
    expect(await readdir(join(folder, 'keys'))).toEqual(['master.key']);
  });
  it('is kept at the next start', async () => {
    const wrapped = await (await fileKeyProvider(file)).wrap('token', secret);
    const bytes = await readFile(file);
    expect(await (await fileKeyProvider(file)).unwrap('token', wrapped)).toEqual(secret);
    expect(await readFile(file)).toEqual(bytes);
  });
  it('is one, however many processes start at once', async () => {
    const providers = await Promise.all(Array.from({ length: 20 }, async (_, n) => {
      for (let i = 0; i < n * 3; i++) await stat(folder); // some come while others are done
      return fileKeyProvider(file);
    }));
    expect(new Set(providers.map(({ keyId }) => keyId)).size).toBe(1);
    expect(await readdir(join(folder, 'keys'))).toEqual(['master.key']);
  });
  it.each([0o640, 0o604, 0o660, 0o601, 0o620])('is refused when others have a right to it (%o)', async (mode) => {
    await fileKeyProvider(file);
    await chmod(file, mode);
    await expect(fileKeyProvider(file)).rejects.toThrow('must not be accessible to others');
  });
  it.each([0, 31, 33, 64, 1_000_000])('is refused with %p bytes', async (length) => {
    await mkdir(join(folder, 'keys'));
    await writeFile(file, Buffer.alloc(length), { mode: 0o600 });
    await expect(fileKeyProvider(file)).rejects.toThrow(`has ${length} bytes`);
  });
  it('is refused when it is a folder', async () => {
    await mkdir(file, { recursive: true, mode: 0o700 });
    await expect(fileKeyProvider(file)).rejects.toThrow('is not a regular file');
  });
  it('may be a link, as a mounted secret is', async () => {
    const { keyId } = await fileKeyProvider(file);
    await symlink(file, join(folder, 'link'));
    expect((await fileKeyProvider(join(folder, 'link'))).keyId).toBe(keyId);
  });
  it('may have older ones beside it, which unwrap but do not wrap', async () => {
    const first = await fileKeyProvider(file);
    const wrapped = await first.wrap('token', secret);
    await rename(file, `${file}.old`);
    const second = await fileKeyProvider(file);
    expect(second.keyId).not.toBe(first.keyId);
    expect(await second.unwrap('token', wrapped)).toEqual(secret);
    expect((await second.wrap('token', secret)).subarray(0, 8).toString('hex')).toBe(second.keyId);

    const both = Buffer.concat([await readFile(`${file}.old`), await readFile(file)]);
    await writeFile(`${file}.old`, both);
    await rm(file);
    const third = await fileKeyProvider(file);
    for (const blob of [wrapped, await second.wrap('token', secret)]) expect(await third.unwrap('token', blob)).toEqual(secret);
  });
  it('is refused with older ones of a wrong length or open to others', async () => {
    await fileKeyProvider(file);
    await writeFile(`${file}.old`, Buffer.alloc(33), { mode: 0o600 });
    await expect(fileKeyProvider(file)).rejects.toThrow('has 33 bytes, not a multiple of 32');
    await writeFile(`${file}.old`, Buffer.alloc(32));
    await chmod(`${file}.old`, 0o644);
    await expect(fileKeyProvider(file)).rejects.toThrow('must not be accessible to others');
  });
});

describe('a key provider', () => {
  const [master, older, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
  const provider = masterKeyProvider(master, [older]);

  it('names its master by 16 hex digits that are none of its bytes', () => {
    expect(provider.keyId).toMatch(/^[0-9a-f]{16}$/);
    expect(provider.keyId).not.toBe(masterKeyProvider(older).keyId);
  });
  it('derives a key per service as HKDF-SHA-256 says', () => {
    // Computed with Python's hmac: PRK = HMAC(32 zeros, master), T(1) = HMAC(PRK, 'rollcall/v1/directory' || 01).
    expect(deriveServiceKey(master, 'directory').toString('hex')).toBe('307778c834d69a54c8d7a21121089525df14c7edb8310c460c84790f11b9e883');
    expect(deriveServiceKey(master, 'token')).not.toEqual(deriveServiceKey(master, 'directory'));
  });
  it('unwraps what an older master wrapped', async () =>
    expect(await provider.unwrap('token', await masterKeyProvider(older).wrap('token', secret))).toEqual(secret));
  it('refuses what a master wrapped that is not here, and names it', async () => {
    const stranger = masterKeyProvider(other);
    const refusal = new SealBroken(`wrapped under master key ${stranger.keyId}, which is not here`);
    await expect(provider.unwrap('token', await stranger.wrap('token', secret))).rejects.toThrow(refusal);
  });
  it('refuses what it wrapped for another service', async () =>
    expect(provider.unwrap('directory', await provider.wrap('token', secret))).rejects.toThrow(SealBroken));
  it('refuses a blob with any byte changed, or cut', async () => {
    const blob = await provider.wrap('token', secret);
    for (let at = 0; at < blob.length; at++) {
      const changed = Buffer.from(blob);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(provider.unwrap('token', changed)).rejects.toThrow(SealBroken);
      await expect(provider.unwrap('token', blob.subarray(0, at))).rejects.toThrow(SealBroken);
    }
  });
});
