import 'reflect-metadata';

import { loadSettings, SettingsError } from '@rollcall/platform-config';

import { AlreadyRunning } from '@rollcall/platform-postgres';

import { runRollcall } from './run.js';

/** What a person can mend is said in a plain sentence; anything else with its stack. */
function explain(error: unknown): void {
  if (error instanceof SettingsError || error instanceof AlreadyRunning) console.error(error.message);
  else if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') console.error(`The address is in use: ${(error as Error).message}. Set ROLLCALL_PORT to a free port.`);
  else console.error(error);
}

/** A signal during the start waits for its end: what was begun is put away as it should be. */
function stopOnSignal(starting: Promise<{ stop(): Promise<void> }>): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
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
