import { refusal, type CallContext } from '@rollcall/contracts';

import { sourceBlock } from '../domain/source-block.js';
import { decodedCredential, PASSWORD } from './credentials.js';
import type { AuthenticationNeeds } from './needs.js';

/**
 * Refuses a password that the user has, or is among those that the pool remembers: the vault keeps just these. A row
 * counts only if the user's stream ever named it; another one is left from a change that did not happen.
 *
 * @param made the row that this very request made, if it is repeated
 * @throws {DomainError} `PasswordReused`
 */
export async function refuseReusedPassword(
  { vault, passwords, directory }: Pick<AuthenticationNeeds, 'vault' | 'passwords' | 'directory'>,
  { poolId, sub, username }: { readonly poolId: string; readonly sub: string; readonly username: string },
  password: string,
  { historySize, made }: { readonly historySize: number; readonly made: string },
  call: CallContext,
): Promise<void> {
  if (historySize === 0) return;
  for (const { id, kind, secret } of await vault.list(poolId, sub)) {
    if (kind !== PASSWORD || id === made) continue;
    if (!await passwords.matches({ poolId, username, password }, decodedCredential(secret), sourceBlock(call.source))) continue;
    const { named } = await directory.namesCredential({ poolId, sub, credentialId: id }, call);
    if (named !== 'never') throw refusal('PasswordReused');
  }
}
