import { refusal } from '@rollcall/contracts';
import { epochSeconds } from '@rollcall/kernel';

import { sourceBlock } from '../domain/source-block.js';
import { candidateCarried, candidateNamed, sameName } from './candidate.js';
import { newUseId, sealCarried, type Carried } from './carried.js';
import { judged } from './judging.js';
import { after, underWay } from './machine.js';
import type { AuthenticationNeeds } from './needs.js';
import { notMine, required, type Answer, type Step, type Strategy } from './strategy.js';
import { useUp } from './use-up.js';

type Needs = Pick<AuthenticationNeeds, 'directory' | 'keys' | 'ids' | 'vault' | 'trigger' | 'passwords' | 'lockouts' | 'singleUse' | 'sealedTexts'>;

/** USER_SRP_AUTH and its answer PASSWORD_VERIFIER: the password is proved and never sent. */
export const srpFlow = (needs: Needs): Strategy => ({
  async answer(step) {
    if (step.name === 'USER_SRP_AUTH' && !step.carried) return firstLeg(needs, step);
    if (step.name === 'PASSWORD_VERIFIER' && step.carried) return secondLeg(needs, step, step.carried);
    return notMine;
  },
});

/** Writes nothing: whatever the second leg needs goes out sealed, and any replica may answer it. */
async function firstLeg(needs: Needs, step: Step): Promise<Answer> {
  const { context, call, now } = step;
  const [typed, A] = [required(step, 'USERNAME'), required(step, 'SRP_A')];
  const { user, whom, username, stored } = await candidateNamed(needs, context, typed, call);
  const { B, state } = await needs.passwords.srpStart(A, stored, sourceBlock(call.source));
  const secretBlock = await sealCarried(needs.sealedTexts, 'secret-block', {
    id: newUseId(), poolId: context.poolId, clientId: context.clientId, whom, credentialId: user?.credentialId, sessionGeneration: user?.sessionGeneration ?? 0,
    signIn: underWay(after({ do: 'set-challenge', challenge: 'PASSWORD_VERIFIER' }, step.signIn)), wantsProof: step.wantsProof, begunBy: call.correlationId,
    expiresAt: epochSeconds(now + context.client.authSessionSeconds), srp: Buffer.from(state).toString('base64'),
  });
  const parameters = { SALT: Buffer.from(stored.salt).toString('hex'), SECRET_BLOCK: secretBlock, SRP_B: B, USERNAME: username, USER_ID_FOR_SRP: username };
  return { is: 'more', posed: { challenge: 'PASSWORD_VERIFIER', parameters } };
}

async function secondLeg(needs: Needs, step: Step, carried: Carried): Promise<Answer> {
  const { context, call } = step;
  const { poolId } = context;
  const claim = {
    secretBlock: required(step, 'PASSWORD_CLAIM_SECRET_BLOCK'), signature: required(step, 'PASSWORD_CLAIM_SIGNATURE'), timestamp: required(step, 'TIMESTAMP'),
  };
  const { user, whom, username, stored, real } = await candidateCarried(needs, context, carried, call);
  if (!sameName(context, required(step, 'USERNAME'), username)) throw refusal('SessionInvalid');

  await judged(needs, { poolId, whom }, call, async () => {
    await useUp(needs, carried, call); // by its first answer, right or wrong
    if (!needs.passwords.isTimely(claim.timestamp)) throw refusal('PasswordMismatch'); // nothing was judged: it does not count
    const matches = await needs.passwords.srpFinish({ poolId, username }, Buffer.from(carried.srp ?? '', 'base64'), stored, claim, sourceBlock(call.source));
    return matches && real;
  });
  if (!user) throw new TypeError('judged right without a user');
  return { is: 'done', factor: 'password', user, carried };
}
