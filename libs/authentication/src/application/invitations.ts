import type { Transaction, Vault, VaultEntry } from '@rollcall/eventing';

/** A temporary password in clear, sealed in the vault until its message is sent: nobody could make the message otherwise. */
const entry = (poolId: string, sub: string, messageId: string): VaultEntry => ({ poolId, owner: sub, id: messageId, kind: 'invitation' });

export interface InvitationRef {
  readonly poolId: string;
  readonly sub: string;
  readonly messageId: string;
}

export const keepInvitation = (vault: Vault, { poolId, sub, messageId }: InvitationRef, password: string, tx: Transaction): Promise<void> =>
  vault.put(entry(poolId, sub, messageId), Buffer.from(password, 'utf8'), tx);

export const readInvitation = async (vault: Vault, { poolId, sub, messageId }: InvitationRef): Promise<string | undefined> =>
  (await vault.get(entry(poolId, sub, messageId)))?.toString('utf8');

export const dropInvitation = (vault: Vault, { poolId, sub, messageId }: InvitationRef, tx: Transaction): Promise<void> =>
  vault.delete({ poolId, owner: sub, id: messageId }, tx);
