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

try {
  const running = await runRollcall(loadSettings());
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          explain(error);
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  explain(error);
  process.exit(1);
}
