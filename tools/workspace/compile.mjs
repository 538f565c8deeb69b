/** Compiles an app when something that it is made of has changed since it was last compiled. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { filesBelow } from './projects.mjs';

export const root = join(import.meta.dirname, '../..');
export const cache = join(root, 'node_modules/.cache/rollcall');

/** The projects that an app is compiled from, found by the references of their TypeScript projects. */
function parts(dir, found = new Set()) {
  if (found.has(dir)) return found;
  found.add(dir);
  for (const { path } of JSON.parse(readFileSync(join(root, dir, 'tsconfig.json'), 'utf8')).references) parts(relative(root, dirname(join(root, dir, path))), found);
  return found;
}

/** Changes with every file that the compiler reads: not by content, but by path, time and size, which cost no reading. */
function fingerprint(dirs) {
  const inputs = [...dirs].flatMap((dir) => [`${dir}/package.json`, `${dir}/tsconfig.json`, ...filesBelow(root, `${dir}/src`)]);
  const hash = createHash('sha256');
  for (const file of ['tsconfig.base.json', 'package-lock.json', ...inputs]) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

/**
 * @param {string} app e.g. `apps/rollcall`
 * @returns {Promise<boolean>} whether its dist is up to date now; the compiler's errors are printed
 */
export async function compileIfStale(app) {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    console.error(`Rollcall needs Node 24.9 or later, not ${process.version}. npm start and npx rollcall use the one that npm ci has installed.`);
    return false;
  }
  const dirs = parts(app);
  const now = fingerprint(dirs);
  const stamp = join(cache, `compiled-${app.replaceAll('/', '-')}`);
  const isBuilt = [...dirs].every((dir) => existsSync(join(root, dir, 'dist/tsconfig.tsbuildinfo')));
  if (isBuilt && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return true;
  const { spawnSync } = await import('node:child_process');
  console.error('Compiling …');
  const { status, error } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-b', app], { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) console.error(`The compiler cannot be started (npm ci first?): ${error.message}`);
  if (status !== 0) return false;
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, now);
  return true;
}
