import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { REGION } from './clients.js';
import type { Rollcall } from './rollcall-process.js';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '../test/boto3');
const cache = join(import.meta.dirname, '../../../node_modules/.cache/rollcall');
const INSTALL_MILLIS = 300_000;

/** A Python that has boto3, or why there is none. */
export type Boto3 = { readonly python: string } | { readonly missing: string };

/** Makes a virtual environment with the pinned boto3, once: what is complete is found again. */
export async function boto3(): Promise<Boto3> {
  const requirements = join(folder, 'requirements.txt');
  const name = `boto3-${createHash('sha256').update(await readFile(requirements)).digest('hex').slice(0, 12)}`;
  const [ready, unfinished] = [join(cache, name), join(cache, `${name}.unfinished`)];
  if (!existsSync(ready)) {
    await mkdir(cache, { recursive: true });
    await rm(unfinished, { recursive: true, force: true });
    try {
      await run('python3', ['-m', 'venv', unfinished], { timeout: INSTALL_MILLIS });
    } catch {
      return { missing: 'python3 with venv is not installed' };
    }
    try {
      await run(join(unfinished, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '-r', requirements], { timeout: INSTALL_MILLIS });
    } catch {
      return { missing: 'boto3 cannot be installed from PyPI' };
    }
    await rename(unfinished, ready);
  }
  return { python: join(ready, 'bin/python') };
}

/** boto3's client of one Rollcall. */
export interface Boto3Client {
  /** Calls an operation by its Python name, as an administrator. @throws {Error} named as boto3's error code */
  signed(operation: string, args: object): Promise<Record<string, unknown>>;
  /** The same without credentials. */
  unsigned(operation: string, args: object): Promise<Record<string, unknown>>;
  close(): void;
}

export function boto3Client(python: string, { endpoint, credentials }: Pick<Rollcall, 'endpoint' | 'credentials'>): Boto3Client {
  const child = spawn(python, [join(folder, 'driver.py'), endpoint, REGION, credentials.accessKeyId, credentials.secretAccessKey], { env: { PATH: process.env['PATH'] }, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const call = (signed: boolean) => async (operation: string, args: object) => {
    child.stdin.write(`${JSON.stringify({ operation, arguments: args, signed })}\n`);
    const { value: line, done } = await lines.next();
    if (done) throw new Error('boto3 has ended');
    const { value, error } = JSON.parse(line as string) as { value?: Record<string, unknown>; error?: { name: string; message: string } };
    if (error) throw Object.assign(new Error(error.message), { name: error.name });
    return value ?? {};
  };
  return { signed: call(true), unsigned: call(false), close: () => child.stdin.end() };
}
