import { spawn, type ChildProcess } from 'node:child_process';

import type { Handover } from './cluster.js';
import type { OsUser } from './os-user.js';

/**
 * Waits for the server and reads a pipe that only this process of node holds open. Killed in whatever way, node lets go
 * of the pipe, and the server is asked for a clean shutdown (SIGINT): no orphan is left behind, not even after SIGKILL.
 */
const SCRIPT = `
exec 4<&0 </dev/null
"$@" 4<&- &
server=$!
{ read -r _ <&4; kill -INT $server; } 2>/dev/null &
watcher=$!
exec 4<&-
wait $server
code=$?
kill $watcher 2>/dev/null
[ -z "$REMOVE_AFTERWARDS" ] || rm -rf "$REMOVE_AFTERWARDS"
exit $code
`;

/** A server under guard. Closing `process.stdin` stops it. */
export interface Guarded {
  readonly process: ChildProcess;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/**
 * Starts a command so that it does not outlive this process.
 *
 * @param options.cluster its folder; the command finds it as working directory or fd 3
 * @param options.log file descriptor for what it prints
 * @param options.removeAfterwards folder to remove once it has ended
 */
export function startGuarded(
  command: readonly string[],
  options: { readonly cluster: Handover; readonly user: OsUser; readonly log: number; readonly removeAfterwards?: string | undefined },
): Guarded {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'rollcall-postgres', ...command], {
    cwd: options.cluster.cwd,
    ...(process.getuid?.() === 0 ? { uid: options.user.uid, gid: options.user.gid } : {}),
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', REMOVE_AFTERWARDS: options.removeAfterwards ?? '' },
    stdio: ['pipe', options.log, options.log, options.cluster.fd],
    detached: true, // Ctrl-C in a terminal must not stop the server before we have drained
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  child.stdin?.on('error', () => undefined); // the guard was killed: `ended` tells
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return { process: child, ended };
}
