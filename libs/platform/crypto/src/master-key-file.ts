import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MASTER_KEY_BYTES, masterKeyProvider, type KeyProvider } from './key-provider.js';

/**
 * Reads the master key from a file of exactly 32 bytes, and older ones from `<file>.old` (32 bytes each, one after another)
 * while a rotation lasts. Makes the file, mode 0600, at the first start.
 *
 * @throws {Error} if a file is not a regular file, has another length, or may be read or changed by others
 */
export async function fileKeyProvider(file: string): Promise<KeyProvider> {
  const current = (await readMasters(file, 1)) ?? (await createMaster(file));
  const older = (await readMasters(`${file}.old`)) ?? [];
  const [master] = current;
  if (!master) throw new Error(`${file} holds no key`);
  return masterKeyProvider(master, older);
}

async function readMasters(file: string, count?: number): Promise<readonly Buffer[] | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  try {
    const facts = await handle.stat(); // of the opened file: what is checked is what is read
    if (!facts.isFile()) throw new Error(`${file} is not a regular file`);
    if ((facts.mode & 0o077) !== 0) throw new Error(`${file} must not be accessible to others: chmod 600 it`);
    const wanted = count ? `${count * MASTER_KEY_BYTES}` : `a multiple of ${MASTER_KEY_BYTES}`;
    const wrongLength = new Error(`${file} has ${facts.size} bytes, not ${wanted}`);
    if (facts.size === 0 || facts.size % MASTER_KEY_BYTES !== 0 || facts.size > 64 * MASTER_KEY_BYTES) throw wrongLength;
    if (count && facts.size !== count * MASTER_KEY_BYTES) throw wrongLength;
    const bytes = await handle.readFile();
    return Array.from({ length: bytes.length / MASTER_KEY_BYTES }, (_, n) => bytes.subarray(n * MASTER_KEY_BYTES, (n + 1) * MASTER_KEY_BYTES));
  } finally {
    await handle.close();
  }
}

/**
 * Linking a finished file into place is atomic and never overwrites: of processes that start together all use the key of one.
 * File and folder are synced, for all sealed data is lost with this key.
 */
async function createMaster(file: string): Promise<readonly Buffer[]> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    try {
      await handle.writeFile(randomBytes(MASTER_KEY_BYTES));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await unlink(draft);
  }
  const folder = await open(dirname(file), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  const masters = await readMasters(file, 1);
  if (!masters) throw new Error(`${file} vanished while it was made`);
  return masters;
}
