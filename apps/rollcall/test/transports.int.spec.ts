import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { webhookKey } from '../src/transports.js';

describe('the key that signs text messages', () => {
  let folder = '';
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'rollcall-webhook-')); });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, for its owner alone, and is the same in all processes that start together', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => webhookKey(folder)));
    const path = join(folder, 'sms-webhook-key');
    expect(new Set(keys.map((key) => key.toString('hex')))).toEqual(new Set([(await readFile(path, 'utf8')).trim()]));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['sms-webhook-key']);
  });

  it('is never there half: whoever is killed while it is made leaves none', async () => {
    const path = join(folder, 'sms-webhook-key');
    const seen = new Set<number>();
    let made = false;
    const making = webhookKey(folder).finally(() => { made = true; });
    while (!made) {
      if (existsSync(path)) seen.add(readFileSync(path).length);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await making;
    seen.add(readFileSync(path).length);
    expect([...seen]).toEqual([65]);
  });

  it('is not taken from a file that holds none', async () => {
    await writeFile(join(folder, 'sms-webhook-key'), 'secret\n');
    await expect(webhookKey(folder)).rejects.toThrow('does not hold 64 hex digits');
  });
});
