import type { Log } from '@rollcall/eventing';
import { DomainError } from '@rollcall/kernel';

import { backgroundCall } from './background-call.js';
import { userBySub } from './candidate.js';
import { poolContext } from './client-context.js';
import { PASSWORD } from './credentials.js';
import type { CredentialRef } from './credential-reviews.js';
import type { AuthenticationNeeds } from './needs.js';

export type ReviewNeeds = Pick<AuthenticationNeeds, 'directory' | 'vault' | 'credentialReviews' | 'clock'> & { readonly log: Pick<Log, 'warn'> };

/** Longer than any call may take: whoever made a row has named it by then, or never will. */
const RIPE_MILLIS = 60_000;
const BATCH = 100;

/**
 * Looks after passwords made more than a minute ago: one that the user's stream never named goes; where one is valid,
 * the present one and as many older ones stay as the pool remembers. One that cannot be looked after waits its turn again,
 * and keeps no other waiting.
 *
 * @returns how many it looked at
 */
export async function reviewCredentials(needs: ReviewNeeds, correlationId: string): Promise<number> {
  const due = await needs.credentialReviews.due(RIPE_MILLIS, BATCH);
  for (const ref of due) {
    try {
      await review(needs, ref, correlationId);
      await needs.credentialReviews.done(ref);
    } catch (error) {
      const { poolId, credentialId } = ref;
      needs.log.warn({ error, poolId, credentialId }, 'a password could not be looked after and waits');
      await needs.credentialReviews.again(ref);
    }
  }
  return due.length;
}

async function review(needs: ReviewNeeds, ref: CredentialRef, correlationId: string): Promise<void> {
  if (await named(needs, ref, correlationId) === 'never') await drop(needs, ref);
  else await dropForgotten(needs, ref, correlationId);
}

/** The present password is never among what is looked at here. */
async function dropForgotten(needs: ReviewNeeds, { poolId, sub }: CredentialRef, correlationId: string): Promise<void> {
  const call = backgroundCall(needs.clock, 'ReviewCredentials', correlationId);
  const [user, remembered] = [await userBySub(needs, poolId, sub, call), await historySize(needs, poolId, correlationId)];
  const rows = (await needs.vault.list(poolId, sub)).filter(({ id, kind, madeAt }) => kind === PASSWORD && id !== user?.credentialId && madeAt <= needs.clock.now() - RIPE_MILLIS);
  let kept = 0;
  for (const { id: credentialId } of rows) { // the newest first
    const ref = { poolId, sub, credentialId };
    if (kept < remembered && await named(needs, ref, correlationId) === 'earlier') kept += 1;
    else await drop(needs, ref);
  }
}

async function named({ directory, clock }: ReviewNeeds, ref: CredentialRef, correlationId: string): Promise<string> {
  return (await directory.namesCredential(ref, backgroundCall(clock, 'ReviewCredentials', correlationId))).named;
}

/** 0 for a pool that is gone. */
async function historySize({ directory, clock }: ReviewNeeds, poolId: string, correlationId: string): Promise<number> {
  try {
    return (await poolContext(directory, poolId, backgroundCall(clock, 'ReviewCredentials', correlationId))).Policies.PasswordPolicy.PasswordHistorySize;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'PoolNotFound') return 0;
    throw error;
  }
}

const drop = ({ vault }: ReviewNeeds, { poolId, sub, credentialId }: CredentialRef): Promise<void> => vault.delete({ poolId, owner: sub, id: credentialId });
