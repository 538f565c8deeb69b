import type { wire } from '@rollcall/contracts';
import type { Vault, VaultEntry } from '@rollcall/eventing';
import { secondsOf } from '@rollcall/kernel';

export const secretEntry = (poolId: string, clientId: string, secretId: string): VaultEntry =>
  ({ poolId, owner: clientId, id: secretId, kind: 'client-secret' });

/** The secrets that a client's stream names, the newest first; a row that it does not name opens nothing. */
export async function secretsOf(vault: Vault, poolId: string, clientId: string, secretIds: readonly string[]): Promise<wire.directory.ClientSecret[]> {
  if (secretIds.length === 0) return [];
  const rows = await vault.list(poolId, clientId);
  return rows
    .filter(({ id }) => secretIds.includes(id))
    .map(({ id, secret, madeAt }) => ({ secretId: id, value: secret.toString('utf8'), createdAt: secondsOf(madeAt) }));
}
