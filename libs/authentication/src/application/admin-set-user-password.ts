import type { AuthenticationPort } from '@rollcall/contracts';

import { poolContext } from './client-context.js';
import { keepCredential, secretTransaction } from './credentials.js';
import type { AuthenticationNeeds } from './needs.js';
import { checkPolicy, newCredential } from './new-credential.js';
import { refuseReusedPassword } from './password-history.js';
import { temporaryUntil } from './temporary-password.js';

/**
 * Sets a user's password, for good or until its own is chosen, and ends all sessions (E9). The new password, the status
 * and the end of the sessions are one append: a sign-in proved against the old password gets nothing after it.
 */
export const adminSetUserPassword = (needs: AuthenticationNeeds): AuthenticationPort['adminSetUserPassword'] =>
  async ({ poolId, username, password, permanent }, call) => {
    const pool = await poolContext(needs.directory, poolId, call);
    const user = await needs.directory.getUser({ poolId, by: { $case: 'name', value: username } }, call);
    call.effects.sub = user.sub;
    checkPolicy(password, pool);
    const { ref, stored } = await newCredential(needs, user, password, call);
    await refuseReusedPassword(needs, user, password, { historySize: pool.Policies.PasswordPolicy.PasswordHistorySize, made: ref.credentialId }, call);
    await secretTransaction(needs, poolId, (tx) => keepCredential(needs, ref, stored, tx));
    await needs.directory.choosePassword({
      ...ref, madeFor: undefined, temporaryUntil: permanent ? undefined : temporaryUntil(pool, needs.clock), origin: 'administrator', attributes: [],
      signOut: true, sparedFamily: undefined,
    }, call);
    return {};
  };
