import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** A command of the checkout while it runs, and after. */
export interface CommandRun {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** Runs a command in the checkout with these settings and none of the person's who runs the tests. */
export function runCommand(command: string, args: readonly string[], settings: Readonly<Record<string, string>>): CommandRun {
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ROLLCALL_') && name !== 'NODE_OPTIONS')), ...settings };
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => { text.stdout += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { text.stderr += chunk.toString(); });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { child, stdout: () => text.stdout, stderr: () => text.stderr, ended };
}

/** `npm start` without npm round it. */
export const runStart = (settings: Readonly<Record<string, string>>): CommandRun => runCommand(process.execPath, ['tools/start.mjs'], settings);
