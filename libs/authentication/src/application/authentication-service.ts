import type { AuthenticationPort } from '@rollcall/contracts';

import type { AuthenticationNeeds } from './needs.js';
import { newPassword } from './new-password.js';
import { passwordFlow } from './password-flow.js';
import { initiateAuth, respondToChallenge } from './sign-in-steps.js';
import { srpFlow } from './srp-flow.js';
import type { Strategy } from './strategy.js';

/** Sign-up, confirmation and sign-in behind their port. */
export function authenticationService(needs: AuthenticationNeeds): Pick<AuthenticationPort, 'initiateAuth' | 'respondToChallenge'> {
  const strategies: readonly Strategy[] = [passwordFlow(needs), srpFlow(needs), newPassword(needs)];
  return {
    initiateAuth: initiateAuth(needs, strategies),
    respondToChallenge: respondToChallenge(needs, strategies),
  };
}
