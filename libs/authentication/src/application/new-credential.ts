import { refusal, type CallContext, type PoolSettings } from '@rollcall/contracts';

import { brokenPasswordRule } from '../domain/password-policy.js';
import { sourceBlock } from '../domain/source-block.js';
import type { CredentialRef } from './credential-reviews.js';
import type { AuthenticationNeeds } from './needs.js';
import type { StoredCredential } from './passwords.js';

/** @throws {DomainError} `PasswordRejected` */
export function checkPolicy(password: string, { Policies }: PoolSettings): void {
  const rule = brokenPasswordRule(password, Policies.PasswordPolicy);
  if (rule !== undefined) throw refusal('PasswordRejected', { rule });
}

/** A vault row to be: under an id that follows from the request, so that its repeat makes no second one. */
export interface NewCredential {
  readonly ref: CredentialRef;
  readonly stored: StoredCredential;
}

/**
 * Makes both halves, whatever the pool's clients allow: the verifier alone decides at sign-in, and which pools could do
 * without it is not known here at the cost of one lookup.
 */
export async function newCredential(
  { passwords, ids }: Pick<AuthenticationNeeds, 'passwords' | 'ids'>,
  { poolId, sub, username }: { readonly poolId: string; readonly sub: string; readonly username: string },
  password: string,
  call: Pick<CallContext, 'requestKey' | 'source'>,
): Promise<NewCredential> {
  const stored = await passwords.make({ poolId, username, password }, sourceBlock(call.source));
  return { ref: { poolId, sub, credentialId: ids.derive(call.requestKey, 'credential', 0) }, stored };
}
