import type { Transaction, Vault, VaultEntry } from '@rollcall/eventing';

import type { CredentialRef } from './credential-reviews.js';
import type { AuthenticationNeeds } from './needs.js';
import type { StoredCredential } from './passwords.js';

export const PASSWORD = 'password';

export const passwordEntry = ({ poolId, sub, credentialId }: CredentialRef): VaultEntry => ({ poolId, owner: sub, id: credentialId, kind: PASSWORD });

interface Encoded {
  readonly salt: string;
  readonly verifier: string;
  readonly argon2?: string;
}

export const encodedCredential = ({ salt, verifier, argon2 }: StoredCredential): Buffer => {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const content: Encoded = { salt: base64(salt), verifier: base64(verifier), ...(argon2 === undefined ? {} : { argon2 }) };
  return Buffer.from(JSON.stringify(content));
};

export function decodedCredential(secret: Uint8Array): StoredCredential {
  const { salt, verifier, argon2 } = JSON.parse(Buffer.from(secret).toString()) as Encoded;
  return { salt: Buffer.from(salt, 'base64'), verifier: Buffer.from(verifier, 'base64'), ...(argon2 === undefined ? {} : { argon2 }) };
}

export async function readCredential(vault: Pick<Vault, 'get'>, ref: CredentialRef): Promise<StoredCredential | undefined> {
  const secret = await vault.get(passwordEntry(ref));
  return secret && decodedCredential(secret);
}

/**
 * A transaction that writes secrets of a pool. The pool's key is fetched, or made, before it begins: inside it, a second
 * connection would be waited for while holding the first.
 */
export async function secretTransaction<T>(
  { keys, transactions }: Pick<AuthenticationNeeds, 'keys' | 'transactions'>,
  poolId: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  await keys.poolKey(poolId, 'vault');
  return transactions.transaction(work);
}

/** Puts a password into the vault, where it is worth nothing until an event of the user names it. */
export async function keepCredential(
  { vault, credentialReviews }: Pick<AuthenticationNeeds, 'vault' | 'credentialReviews'>,
  ref: CredentialRef,
  stored: StoredCredential,
  tx: Transaction,
): Promise<void> {
  await vault.put(passwordEntry(ref), encodedCredential(stored), tx);
  await credentialReviews.add(ref, tx);
}

/** The same password, kept in a better way: no event, for nothing changes that a decision sees. */
export const renewCredential = (
  needs: Pick<AuthenticationNeeds, 'vault' | 'credentialReviews' | 'transactions' | 'keys'>,
  ref: CredentialRef,
  stored: StoredCredential,
): Promise<void> =>
  secretTransaction(needs, ref.poolId, async (tx) => {
    await needs.vault.delete({ poolId: ref.poolId, owner: ref.sub, id: ref.credentialId }, tx);
    await keepCredential(needs, ref, stored, tx);
  });
