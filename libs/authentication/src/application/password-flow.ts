import { flowNamed } from '../domain/flows.js';
import { sourceBlock } from '../domain/source-block.js';
import { DomainError } from '@rollcall/kernel';

import { candidateNamed, type Candidate } from './candidate.js';
import { renewCredential } from './credentials.js';
import { judged } from './judging.js';
import type { AuthenticationNeeds } from './needs.js';
import { notMine, required, type Step, type Strategy } from './strategy.js';

type Needs = Pick<AuthenticationNeeds, 'directory' | 'keys' | 'ids' | 'vault' | 'trigger' | 'passwords' | 'lockouts' | 'credentialReviews' | 'transactions'>;

/** USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH: the password itself is sent. */
export const passwordFlow = (needs: Needs): Strategy => ({
  async answer(step) {
    const flow = flowNamed(step.name);
    if (step.carried || (flow !== 'USER_PASSWORD_AUTH' && flow !== 'ADMIN_USER_PASSWORD_AUTH')) return notMine;
    const [typed, password] = [required(step, 'USERNAME'), required(step, 'PASSWORD')];
    const { context, call } = step;
    const { poolId } = context;
    const candidate = await candidateNamed(needs, context, typed, call);
    const { user, username, stored, real, whom } = candidate;

    await judged(needs, { poolId, whom }, call, async () => {
      const matches = await needs.passwords.matches({ poolId, username, password }, stored, sourceBlock(call.source));
      return matches && real;
    });
    if (!user) throw new TypeError('judged right without a user');
    await renewIfWeak(needs, step, candidate, password);
    return {
      is: 'done', factor: 'password', user,
      carried: {
        poolId, clientId: context.clientId, whom, credentialId: user.credentialId, sessionGeneration: user.sessionGeneration,
        signIn: step.signIn, wantsProof: step.wantsProof, begunBy: call.correlationId,
      },
    };
  },
});

/** The password is at hand only now. Where the lanes are full it waits for the next sign-in. */
async function renewIfWeak(needs: Needs, { context: { poolId }, call }: Step, { user, username, stored }: Candidate, password: string): Promise<void> {
  if (user?.credentialId === undefined || !needs.passwords.needsRenewal(stored)) return;
  try {
    const renewed = await needs.passwords.make({ poolId, username, password }, sourceBlock(call.source));
    await renewCredential(needs, { poolId, sub: user.sub, credentialId: user.credentialId }, renewed);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}
