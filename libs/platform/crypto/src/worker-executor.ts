import { existsSync } from 'node:fs';
import { DomainError } from '@rollcall/kernel';
import { Piscina } from 'piscina';
import type { Executor } from './executor.js';
import type { Job, JobInput, JobOutput } from './jobs.js';
import type { PowerPath } from './power.js';
import { detached, type Outcome, type Task } from './worker-message.js';

/** Beside this file when compiled; a worker has no loader for TypeScript, so from sources the compiled one serves too. */
function workerEntry(): string {
  const entry = new URL(import.meta.url.endsWith('.ts') ? '../dist/worker.js' : './worker.js', import.meta.url);
  if (!existsSync(entry)) throw new Error('the crypto worker is not compiled: tsc -b libs/platform/crypto');
  return entry.href;
}

interface Thread {
  send(task: Task, signal: AbortSignal): Promise<unknown>;
  path(): PowerPath;
  close(): Promise<void>;
}

/** Starts with its first task. It sees neither the environment nor the flags of the process. */
function lazyThread(): Thread {
  let threads: Piscina<Task, Outcome> | undefined;
  let path: PowerPath = 'key-objects';
  return {
    async send(task, signal) {
      threads ??= new Piscina<Task, Outcome>({
        filename: workerEntry(), name: 'handle', minThreads: 1, maxThreads: 1, idleTimeout: Infinity, recordTiming: false, execArgv: [], env: {},
      });
      const outcome = await threads.run(task, { signal });
      path = outcome.path;
      if ('refused' in outcome) throw new DomainError(outcome.refused.code, outcome.refused.details);
      return outcome.value;
    },
    path: () => path,
    close: async () => threads?.close(),
  };
}

/** Runs jobs in a thread of its own. A job told to end is ended with its thread; the next one gets a new thread. */
export function workerExecutor(thread: Thread = lazyThread()): Executor {
  return {
    run: async <J extends Job>(job: J, input: JobInput<J>, signal: AbortSignal) =>
      (await thread.send({ job, input: detached(input) as object }, signal)) as JobOutput<J>,
    powerPath: () => thread.path(),
    async prepared(signal) {
      const fresh = lazyThread(); // this one serves on meanwhile
      try {
        await fresh.send({ job: 'prepare' }, signal);
      } catch (error) {
        await fresh.close();
        throw error;
      }
      return workerExecutor(fresh);
    },
    close: () => thread.close(),
  };
}
