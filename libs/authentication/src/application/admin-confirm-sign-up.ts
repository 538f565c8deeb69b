import type { AuthenticationPort } from '@rollcall/contracts';

import type { AuthenticationNeeds } from './needs.js';
import { confirmedHook } from './sign-up.js';

/** Confirms a user without a code, and so without proof of any address. */
export const adminConfirmSignUp = (needs: Pick<AuthenticationNeeds, 'directory' | 'trigger'>): AuthenticationPort['adminConfirmSignUp'] =>
  async ({ poolId, username }, call) => {
    const { sub } = await needs.directory.getUser({ poolId, by: { $case: 'name', value: username } }, call);
    call.effects.sub = sub;
    const user = await needs.directory.confirmUser({ poolId, sub, verifiedAttribute: undefined, forceAliasCreation: false }, call);
    await confirmedHook(needs, { poolId }, user, call);
    return {};
  };
