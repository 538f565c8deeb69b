import { spawn } from 'node:child_process';
import { chownSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { Binaries } from './binaries.js';
import type { OsUser } from './os-user.js';
import { exists } from './postmaster.js';

/** Owner of everything in the cluster; reachable only through the socket's folder. */
export const SUPERUSER = 'rollcall';

/** A cluster as its programs get it: the folder's name for them, where to start them, what to open for them as fd 3. */
export interface Handover {
  readonly name: string;
  readonly cwd: string;
  readonly fd: number | undefined;
  close(): void;
}

/**
 * Root's data may lie in a folder closed to the server's user. A process that was given the open folder needs no
 * permission on the way there (Linux; elsewhere the way must be open).
 */
export function handOver(cluster: string): Handover {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { name: '.', cwd: cluster, fd: undefined, close: () => undefined };
  const fd = openSync(cluster, 'r');
  return { name: '/proc/self/fd/3', cwd: '/', fd, close: () => closeSync(fd) };
}

/** The major version that made a cluster. */
export const majorOf = (cluster: string): number => Number.parseInt(readFileSync(join(cluster, 'PG_VERSION'), 'utf8'), 10);

/**
 * Creates the cluster if there is none. It is made beside its place and moved there when it is complete and on the disk,
 * so that a crash leaves none rather than half a one.
 *
 * @throws {Error} with what initdb printed, if it fails
 */
export async function ensureCluster(cluster: string, { initdb }: Binaries, user: OsUser, durable: boolean): Promise<void> {
  if (existsSync(join(cluster, 'PG_VERSION'))) return;
  removeLeftovers(cluster);
  const making = `${cluster}.new-${process.pid}-${(made += 1)}`;
  underWay.add(making);
  mkdirSync(making, { mode: 0o700 });
  if (process.getuid?.() === 0) chownSync(making, user.uid, user.gid);
  // The encoding would otherwise follow LANG (SQL_ASCII without one), the order of texts the C library's version.
  await run(initdb, making, ['--encoding=UTF8', '--locale=C', '-U', SUPERUSER,
    '--auth-local=trust', '--auth-host=reject', '--no-instructions', ...(durable ? [] : ['--no-sync'])], user);
  try {
    renameSync(making, cluster);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(join(cluster, 'PG_VERSION'))) throw error; // else another process was quicker
  }
  const parent = openSync(dirname(cluster), 'r');
  fsyncSync(parent);
  closeSync(parent);
}

let made = 0;
/** Clusters that this process has begun to make. */
const underWay = new Set<string>();

function removeLeftovers(cluster: string): void {
  const prefix = `${basename(cluster)}.new-`;
  for (const name of readdirSync(dirname(cluster))) {
    if (!name.startsWith(prefix)) continue;
    const path = join(dirname(cluster), name);
    const maker = Number.parseInt(name.slice(prefix.length), 10);
    // In a container a process often has the id that its predecessor had.
    if (maker === process.pid ? !underWay.has(path) : !exists(maker)) rmSync(path, { recursive: true, force: true });
  }
}

function run(program: string, cluster: string, args: readonly string[], user: OsUser): Promise<void> {
  const { name, cwd, fd, close } = handOver(cluster);
  return new Promise<void>((resolve, reject) => {
    const child = spawn(program, ['-D', name, ...args], {
      cwd,
      ...(process.getuid?.() === 0 ? { uid: user.uid, gid: user.gid } : {}),
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe', fd],
    });
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => { printed += chunk.toString(); });
    child.stderr?.on('data', (chunk: Buffer) => { printed += chunk.toString(); });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${basename(program)} failed (${code}): ${printed.slice(-2_000)}`))));
  }).finally(close);
}
