import type { AuthenticationPort } from '@rollcall/contracts';

import { adminConfirmSignUp } from './admin-confirm-sign-up.js';
import { adminCreateUser } from './admin-create-user.js';
import { adminSetUserPassword } from './admin-set-user-password.js';
import { confirmSignUp } from './confirm-sign-up.js';
import type { AuthenticationNeeds } from './needs.js';
import { newPassword } from './new-password.js';
import { passwordFlow } from './password-flow.js';
import { resendConfirmationCode } from './resend-code.js';
import { initiateAuth, respondToChallenge } from './sign-in-steps.js';
import { signUp } from './sign-up.js';
import { srpFlow } from './srp-flow.js';
import type { Strategy } from './strategy.js';

/** Sign-up, confirmation and sign-in behind their port. */
export function authenticationService(needs: AuthenticationNeeds): AuthenticationPort {
  const strategies: readonly Strategy[] = [passwordFlow(needs), srpFlow(needs), newPassword(needs)];
  return {
    signUp: signUp(needs),
    confirmSignUp: confirmSignUp(needs),
    resendConfirmationCode: resendConfirmationCode(needs),
    adminCreateUser: adminCreateUser(needs),
    adminConfirmSignUp: adminConfirmSignUp(needs),
    adminSetUserPassword: adminSetUserPassword(needs),
    initiateAuth: initiateAuth(needs, strategies),
    respondToChallenge: respondToChallenge(needs, strategies),
  };
}
