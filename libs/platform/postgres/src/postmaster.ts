import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** What a server wrote about itself into its cluster; it may be long dead. */
export interface Postmaster {
  readonly pid: number;
  /** Epoch seconds. With the pid it tells this server from one before. */
  readonly startedAt: number;
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; `undefined` if there is none or it is only half written. */
export function postmasterOf(cluster: string): Postmaster | undefined {
  let lines: readonly string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid, , startedAt] = lines;
  if (!pid || !startedAt) return undefined;
  return { pid: Number(pid), startedAt: Number(startedAt), ready: lines[7]?.startsWith('ready') ?? false };
}

/** Whether a process of that id exists: also one of another user, or one that is dead and not yet reaped. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether somebody listens on the socket: a file that a killed server left behind refuses. */
export function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(1_000, () => end(false)).once('connect', () => end(true)).once('error', () => end(false));
  });
}
