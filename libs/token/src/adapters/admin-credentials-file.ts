import { randomUUID } from 'node:crypto';
import { open, rename } from 'node:fs/promises';

import type { Credentials } from '../application/access-keys.js';

/** `default` too, so that clients pointed at the file find the key without being told a profile. */
const profiles = ['default', 'rollcall'];

const textOf = ({ accessKeyId, secretAccessKey }: Credentials): string => profiles
  .map((profile) => `[${profile}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`)
  .join('\n');

/**
 * Keeps credentials in a file in AWS's shared-credentials format, readable by its owner alone and replaced as a
 * whole, so that nobody reads half of it.
 */
export const adminCredentialsFile = (path: string) => async (credentials: Credentials): Promise<void> => {
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(textOf(credentials));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
};
