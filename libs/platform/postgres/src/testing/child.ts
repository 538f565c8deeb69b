import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Lets plain node run our sources: imports of `./x.js` find `./x.ts`. */
const HOOKS = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    if (!/^\\.{1,2}\\/.*\\.js$/.test(specifier) || !context.parentURL?.endsWith('.ts')) return next(specifier, context);
    return next(specifier.replace(/\\.js$/, '.ts'), context);
  },
});`)}`;

export interface Child {
  readonly process: ChildProcess;
  /** Lines that it has printed so far. */
  readonly lines: readonly string[];
  /** Resolves with the first line, past or future, that begins so. Rejects if the child ends without it. */
  line(start: string): Promise<string>;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** SIGKILL: nothing of it runs any more when this resolves. */
  kill(): Promise<void>;
}

/** Runs a TypeScript file of ours in a process of its own, one that a test may kill. */
export function startChild(script: URL, args: readonly string[] = []): Child {
  const child = spawn(process.execPath, [
    '--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--conditions=@rollcall/source', '--import', HOOKS,
    fileURLToPath(script), ...args,
  ], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const look = () => { for (const waiter of waiting) waiter(); };
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      over = true;
      look();
      resolve();
    });
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    look();
  });
  return {
    process: child,
    lines,
    ended,
    line: (start) => new Promise((resolve, reject) => {
      const waiter = () => {
        const found = lines.find((line) => line.startsWith(start));
        if (found === undefined && !over) return;
        waiting.delete(waiter);
        if (found === undefined) reject(new Error(`the child ended without printing ${start}`));
        else resolve(found);
      };
      waiting.add(waiter);
      waiter();
    }),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
