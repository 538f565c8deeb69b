/**
 * npm start: compiles what has changed since the last start, then becomes Rollcall. There is one process: a signal, an
 * exit code and a kill concern Rollcall itself and nothing round it.
 */
import module from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { cache, compileIfStale, root } from './workspace/compile.mjs';

const main = join(root, 'apps/rollcall/dist/main.js');

if (await compileIfStale('apps/rollcall')) {
  // libuv reads this when it first needs a thread, which is later than here. Signing runs on these threads, beside file I/O.
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, 2 * availableParallelism()));
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? join(cache, 'code'));
  process.argv[1] = main;
  await import(main);
} else {
  process.exitCode = 1;
}
