import { readFileSync, statSync } from 'node:fs';

/** Whom the server runs as. PostgreSQL refuses to run as root. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

/** This process may not use the files that it was given; the message says which and what to do. */
export class NotPermitted extends Error {
  override readonly name = 'NotPermitted';
}

const owner = (path: string): OsUser | undefined => statSync(path, { throwIfNoEntry: false });

function passwd(name: string): OsUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/**
 * The user to run a cluster as: this process's own; for root the one that owns the cluster already, else `postgres`,
 * else `nobody`.
 *
 * @param cluster folder of the cluster, which may not exist yet
 * @throws {NotPermitted} if the cluster belongs to somebody else, or root finds neither user
 */
export function osUserFor(cluster: string, self = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 }): OsUser {
  const present = owner(cluster);
  if (self.uid !== 0) {
    if (present && present.uid !== self.uid) throw new NotPermitted(`${cluster} belongs to user ${present.uid}, this process runs as ${self.uid}`);
    return self;
  }
  if (present && present.uid !== 0) return { uid: present.uid, gid: present.gid };
  const user = passwd('postgres') ?? passwd('nobody');
  if (!user) throw new NotPermitted('PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody');
  return user;
}

/** Whether a user can pass through a folder or execute a file, as far as mode bits tell. */
export function mayExecute(path: string, { uid, gid }: OsUser): boolean {
  if (uid === 0) return true;
  const { uid: ownerUid, gid: ownerGid, mode } = statSync(path);
  const shift = ownerUid === uid ? 6 : ownerGid === gid ? 3 : 0;
  return ((mode >> shift) & 1) === 1;
}
