import { chownSync, closeSync, fstatSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { findBinaries, type Binaries } from './binaries.js';
import { ensureCluster, handOver, majorOf, SUPERUSER } from './cluster.js';
import type { ConnectionConfig } from './connection.js';
import { startGuarded, type Guarded } from './guard.js';
import { osUserFor, type OsUser } from './os-user.js';
import { answers, exists, postmasterOf } from './postmaster.js';
import { serverSettings } from './server-settings.js';

export type ServerEvent =
  | { readonly kind: 'died'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'restarted'; readonly pid: number }
  | { readonly kind: 'restart-failed'; readonly error: Error };

export interface EmbeddedOptions {
  /** Rollcall's data folder, made (0700) if absent. The cluster is `<dataDir>/postgres`, its log `<dataDir>/postgres.log`. */
  readonly dataDir: string;
  /** Folder with `initdb` and `postgres` of one's own instead of the npm binaries. */
  readonly binaries?: string | undefined;
  /** Use a server that already runs on this folder, rather than refuse: for tools beside a running Rollcall. */
  readonly attach?: boolean;
  /** `false` only in tests of logic: commits may be lost when the machine fails. */
  readonly durable?: boolean;
  /** Remove the data folder when the server has ended: tests. */
  readonly temporary?: boolean;
  readonly onEvent?: (event: ServerEvent) => void;
}

export interface EmbeddedServer {
  readonly connection: ConnectionConfig;
  /** Of the running server: it changes when the server had to be started again. */
  readonly pid: number;
  /** Whether this is somebody else's server; `stop` leaves it alone then. */
  readonly attached: boolean;
  /** Clean shutdown: open transactions are rolled back, everything committed is on the disk. */
  stop(): Promise<void>;
}

/** Another process runs a server on this folder. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  constructor(readonly dataDir: string, readonly pid: number) {
    super(`PostgreSQL already runs on ${dataDir} (process ${pid}): is another Rollcall running there?`);
  }
}

/** A server whose node was killed shuts down within half a second; only one that stays is in use. */
const TAKEOVER_MILLIS = 3_000;
/** So long a server whose node was just killed may take to begin stopping: nobody should attach to that one. */
const ATTACH_MILLIS = 250;
/** Locks of a killed server outlive it until it is reaped and its memory is let go. */
const LOCKED_MILLIS = 10_000;
const LOCKED = /lock file .* already exists|pre-existing shared memory block|is another postmaster|Address already in use/;
/** Crash recovery reads the log since the last checkpoint. */
const START_MILLIS = 60_000;
const STOP_MILLIS = 20_000;
/** `sockaddr_un.sun_path` holds 108 bytes with its end mark (104 on macOS). */
const SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;
const SOCKET = '.s.PGSQL.5432';
const LOG_BYTES = 1_048_576;

/**
 * Starts PostgreSQL on a folder, creating the cluster on first use, and keeps it running: a server that dies is started
 * again with growing pauses. It does not outlive this process, however that ends.
 *
 * @throws {AlreadyRunning} if another process uses the folder (unless `attach`)
 * @throws {NotPermitted} if it cannot run as any permitted user
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const cluster = join(dataDir, 'postgres');
  const durable = options.durable ?? true;

  const user = osUserFor(cluster);
  const { host, forget } = socketFolder(cluster);
  const connection: ConnectionConfig = { host, port: 5432, user: SUPERUSER, database: 'postgres' };

  const owner = await liveOwner(cluster, host, options.attach ? ATTACH_MILLIS : TAKEOVER_MILLIS);
  if (owner !== undefined) {
    if (!options.attach) throw new AlreadyRunning(dataDir, owner);
    return attachedTo(connection, owner, forget);
  }
  const binaries = await findBinaries({ external: options.binaries, copyTo: dataDir, user });
  await ensureCluster(cluster, binaries, user, durable);
  if (options.temporary && process.getuid?.() === 0) chownSync(dataDir, user.uid, user.gid); // whoever removes it must own it

  const start = () => startServer({ cluster, host, dataDir, binaries, user, durable, temporary: options.temporary ?? false });
  let running: Running;
  try {
    running = await start();
  } catch (error) {
    if (options.attach && error instanceof AlreadyRunning) return attachedTo(connection, error.pid, forget);
    throw error;
  }
  let stopping = false;

  const superviseOnce = async (): Promise<void> => {
    const ended = await running.guarded.ended;
    if (stopping) return;
    options.onEvent?.({ kind: 'died', ...ended });
    if (exists(running.pid) && postmasterOf(cluster)?.pid === running.pid) process.kill(running.pid, 'SIGINT'); // only its guard was killed
    for (let pause = 50; !stopping; pause = Math.min(pause * 2, 5_000)) {
      try {
        running = await start();
        if (stopping) return await stopServer(running);
        options.onEvent?.({ kind: 'restarted', pid: running.pid });
        return;
      } catch (error) {
        options.onEvent?.({ kind: 'restart-failed', error: error as Error });
        await sleep(pause, undefined, { ref: false });
      }
    }
  };
  const supervised = (async () => {
    while (!stopping) await superviseOnce();
  })();

  return {
    connection,
    get pid() { return running.pid; },
    attached: false,
    async stop() {
      if (!stopping) {
        stopping = true;
        await stopServer(running);
      }
      await supervised;
      forget();
    },
  };
}

const attachedTo = (connection: ConnectionConfig, pid: number, forget: () => void): EmbeddedServer =>
  ({ connection, pid, attached: true, stop: () => Promise.resolve(forget()) });

interface Running {
  readonly pid: number;
  readonly guarded: Guarded;
}

interface Start {
  readonly cluster: string;
  readonly host: string;
  readonly dataDir: string;
  readonly binaries: Binaries;
  readonly user: OsUser;
  readonly durable: boolean;
  readonly temporary: boolean;
}

async function startServer(options: Start): Promise<Running> {
  for (const giveUp = Date.now() + LOCKED_MILLIS; ;) {
    try {
      return await attempt(options);
    } catch (error) {
      if (!LOCKED.test((error as Error).message)) throw error;
      const owner = await liveOwner(options.cluster, options.host, TAKEOVER_MILLIS);
      if (owner !== undefined) throw new AlreadyRunning(options.dataDir, owner);
      if (Date.now() > giveUp) throw error;
      await sleep(100);
    }
  }
}

async function attempt({ cluster, dataDir, binaries, user, durable, temporary }: Start): Promise<Running> {
  const before = postmasterOf(cluster);
  const logFile = join(dataDir, 'postgres.log');
  const log = openSync(logFile, 'a', 0o600);
  if (fstatSync(log).size > LOG_BYTES) truncateSync(logFile);
  const logFrom = fstatSync(log).size;
  const folder = handOver(cluster);
  const command = [binaries.postgres, '-D', folder.name, ...serverSettings(majorOf(cluster), durable)];
  const guarded = startGuarded(command, { cluster: folder, user, log, removeAfterwards: temporary ? dataDir : undefined });
  folder.close();
  closeSync(log);

  let ended = false;
  void guarded.ended.then(() => { ended = true; });
  for (const giveUp = Date.now() + START_MILLIS; !ended && Date.now() < giveUp; await sleep(5)) {
    const now = postmasterOf(cluster);
    // A file that a killed server left behind says "ready" too.
    const itsOwn = now !== undefined && (now.pid !== before?.pid || now.startedAt !== before.startedAt);
    if (itsOwn && now.ready) return { pid: now.pid, guarded };
  }
  guarded.process.stdin?.end();
  throw new Error(`PostgreSQL did not start: ${readFileSync(logFile).subarray(logFrom).toString().slice(-2_000).trim() || 'it said nothing'}`);
}

async function stopServer({ pid, guarded }: Running): Promise<void> {
  guarded.process.ref();
  guarded.process.stdin?.end();
  const late = new AbortController();
  const timer = sleep(STOP_MILLIS, 'late', { signal: late.signal }).catch(() => 'late');
  if ((await Promise.race([guarded.ended, timer])) === 'late') {
    if (exists(pid)) process.kill(pid, 'SIGQUIT'); // recovery will do what the checkpoint could not
    await guarded.ended;
  }
  late.abort();
}

/** The process id of a server that uses the cluster, and still does after `patienceMillis`. */
async function liveOwner(cluster: string, host: string, patienceMillis: number): Promise<number | undefined> {
  for (const giveUp = Date.now() + patienceMillis; ; await sleep(50)) {
    const owner = postmasterOf(cluster);
    // One that is stopping still answers, and is gone in the middle of what is asked of it.
    if (!owner?.ready || !exists(owner.pid) || !(await answers(join(host, SOCKET)))) return undefined;
    if (Date.now() >= giveUp) return owner.pid;
  }
}

/** The cluster's folder, or a short alias of it where the socket's path would be too long. */
function socketFolder(cluster: string): { readonly host: string; readonly forget: () => void } {
  if (Buffer.byteLength(join(cluster, SOCKET)) <= SOCKET_PATH_BYTES) return { host: cluster, forget: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  const host = join(folder, 'pg');
  symlinkSync(cluster, host);
  const forget = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', forget);
  return { host, forget };
}
