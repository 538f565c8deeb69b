import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { optionsOf, type Command } from './command.js';

/** The same as `npm start`, as a process of its own, so that it is compiled when it is stale. */
export const start: Command = {
  words: ['start'],
  options: '',
  about: 'Runs Rollcall: all services in one process.',
  async run(args) {
    optionsOf(args, {});
    const child = spawn(process.execPath, [fileURLToPath(new URL('../../../tools/start.mjs', import.meta.url))], { stdio: 'inherit' });
    // A terminal's signals reach the child by itself; what a supervisor sends reaches only us.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  },
};
