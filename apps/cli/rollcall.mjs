#!/usr/bin/env node
/** The command `rollcall`: compiles what has changed since it last ran, then becomes it. */
import module from 'node:module';
import { join } from 'node:path';

import { cache, compileIfStale, root } from '../../tools/workspace/compile.mjs';

if (await compileIfStale('apps/cli')) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? join(cache, 'code'));
  await import(join(root, 'apps/cli/dist/main.js'));
} else {
  process.exitCode = 1;
}
