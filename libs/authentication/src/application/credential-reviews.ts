import type { Transaction } from '@rollcall/eventing';

/** A password's row in the vault. */
export interface CredentialRef {
  readonly poolId: string;
  readonly sub: string;
  readonly credentialId: string;
}

/** Rows of the vault to look at a minute after they were made: is it valid, and which older ones may go? */
export interface CredentialReviews {
  /** Together with the vault's row. */
  add(ref: CredentialRef, tx: Transaction): Promise<void>;
  /** Those made more than `afterMillis` ago, the oldest first. */
  due(afterMillis: number, limit: number): Promise<readonly CredentialRef[]>;
  done(ref: CredentialRef): Promise<void>;
  /** Puts it last, as if it were made now. */
  again(ref: CredentialRef): Promise<void>;
}
