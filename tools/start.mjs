/**
 * npm start: compiles what has changed since the last start, then becomes Rollcall. There is one process: a signal, an
 * exit code and a kill concern Rollcall itself and nothing round it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';

import { filesBelow } from './workspace/projects.mjs';

const root = join(import.meta.dirname, '..');
const cache = join(root, 'node_modules/.cache/rollcall');
const stamp = join(cache, 'compiled');
const main = join(root, 'apps/rollcall/dist/main.js');

/** The projects that Rollcall is compiled from, found by the references of their TypeScript projects. */
function parts(dir = 'apps/rollcall', found = new Set()) {
  if (found.has(dir)) return found;
  found.add(dir);
  for (const { path } of JSON.parse(readFileSync(join(root, dir, 'tsconfig.json'), 'utf8')).references) parts(relative(root, dirname(join(root, dir, path))), found);
  return found;
}

/** Changes with every file that the compiler reads: not by content, but by path, time and size, which cost no reading. */
function fingerprint() {
  const inputs = [...parts()].flatMap((dir) => [`${dir}/package.json`, `${dir}/tsconfig.json`, ...filesBelow(root, `${dir}/src`)]);
  const hash = createHash('sha256');
  for (const file of ['tsconfig.base.json', 'package-lock.json', ...inputs]) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

const isBuilt = () => [...parts()].every((dir) => existsSync(join(root, dir, 'dist/tsconfig.tsbuildinfo')));

async function compileIfStale() {
  const now = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now && isBuilt() && existsSync(main)) return true;
  const { spawnSync } = await import('node:child_process');
  console.error('Compiling …');
  const { status, error } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-b', 'apps/rollcall'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) console.error(`The compiler cannot be started (npm ci first?): ${error.message}`);
  if (status !== 0) return false;
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, now);
  return true;
}

if (await compileIfStale()) {
  // libuv reads this when it first needs a thread, which is later than here. Signing runs on these threads, beside file I/O.
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, 2 * availableParallelism()));
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? join(cache, 'code'));
  process.argv[1] = main;
  await import(main);
} else {
  process.exitCode = 1;
}
