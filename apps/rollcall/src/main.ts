import 'reflect-metadata';

import { loadSettings, SettingsError } from '@rollcall/platform-config';
import { SealBroken } from '@rollcall/platform-crypto';
import { plainWords } from '@rollcall/platform-postgres';

import { runRollcall } from './run.js';

/** What a person can mend is said in a plain sentence; anything else with its stack. */
function explain(error: unknown): void {
  if (error instanceof SettingsError) console.error(error.message);
  else if (error instanceof SealBroken) console.error(`The keys in the database cannot be opened: ${error.message}. Is the master key that made them in its place (ROLLCALL_MASTER_KEY_FILE)?`);
  else console.error(cannotListen(error as NodeJS.ErrnoException) ?? plainWords(error) ?? error);
}

function cannotListen({ code, syscall, message }: NodeJS.ErrnoException): string | undefined {
  if (code === 'EADDRINUSE') return `The address is in use: ${message}. Set ROLLCALL_PORT to a free port.`;
  if (code === 'EACCES' && syscall === 'listen') return `This user may not listen there: ${message}. Set ROLLCALL_PORT to a port from 1024 on.`;
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo') return `This machine has no such address: ${message}. Set ROLLCALL_HOST to one of its own.`;
  return undefined;
}

/** npm hands one Ctrl-C on twice: only a later signal is a second wish. */
const SAME_WISH_MILLIS = 1_000;

/**
 * A signal during the start waits for its end: what was begun is put away as it should be. A second one waits for
 * nothing; what is on the disk is safe then too.
 */
function stopOnSignal(starting: Promise<{ stop(): Promise<void> }>): void {
  let stoppingSince: number | undefined;
  const stop = async () => {
    if (stoppingSince !== undefined) {
      if (Date.now() - stoppingSince > SAME_WISH_MILLIS) process.exit(1);
      return;
    }
    stoppingSince = Date.now();
    try {
      await (await starting).stop();
      process.exit(0);
    } catch (error) {
      explain(error);
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
}

try {
  const starting = runRollcall(loadSettings());
  stopOnSignal(starting);
  await starting;
} catch (error) {
  explain(error);
  process.exit(1);
}
