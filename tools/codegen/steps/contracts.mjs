/** Types and codecs of the contracts' protocols, made by `buf generate` in a folder of its own, so that a check writes nothing. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { keepFolder } from '../keep-folder.mjs';

const root = join(import.meta.dirname, '../../..');
const bin = join(root, 'node_modules/.bin');

export async function run(options) {
  const out = mkdtempSync(join(tmpdir(), 'rollcall-buf-'));
  try {
    const buf = spawnSync(join(bin, 'buf'), ['generate', '--output', out], {
      cwd: join(root, 'libs/contracts'),
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
      encoding: 'utf8',
    });
    if (buf.status !== 0) throw new Error(`buf generate: ${buf.stderr || buf.error?.message}`);
    const written = join(out, 'src/gen');
    const files = new Map(globSync('**/*.ts', { cwd: written }).map((file) => [file, readFileSync(join(written, file), 'utf8')]));
    return keepFolder('libs/contracts/src/gen', files, options);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
