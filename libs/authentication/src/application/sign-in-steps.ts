import { refusal, type AuthenticationPort, type wire } from '@rollcall/contracts';
import { epochSeconds, secondsOf } from '@rollcall/kernel';

import { flowNamed } from '../domain/flows.js';
import { personOf } from './candidate.js';
import { newUseId, openCarried, sealCarried } from './carried.js';
import { clientContext } from './client-context.js';
import { after, notBegun, underWay } from './machine.js';
import type { AuthenticationNeeds } from './needs.js';
import { refreshTokens } from './refresh-flow.js';
import { checkSecretHash } from './secret-hash.js';
import { signInOutcome } from './sign-in-outcome.js';
import { required, requiredName, type Answer, type Posed, type Step, type Strategy } from './strategy.js';
import { useUp } from './use-up.js';

type AuthStep = wire.authentication.AuthStep;
type Done = Extract<Answer, { is: 'done' }>;

export const initiateAuth = (needs: AuthenticationNeeds, strategies: readonly Strategy[]): AuthenticationPort['initiateAuth'] =>
  async ({ clientId, adminPoolId, flow, parameters, wantsProof }, call) => {
    const context = await clientContext(needs.directory, clientId, call, adminPoolId);
    const signIn = after({ do: 'begin', flow, enabled: context.client.flows, byAdministrator: adminPoolId !== undefined }, notBegun);
    if (flowNamed(flow) === 'REFRESH_TOKEN_AUTH') {
      return { outcome: { $case: 'tokens', value: await refreshTokens(needs, context, parameters, call) } };
    }
    return goOn(needs, strategies, { name: flow, context, parameters, wantsProof, signIn: underWay(signIn), now: secondsOf(needs.clock.now()), call });
  };

export const respondToChallenge = (needs: AuthenticationNeeds, strategies: readonly Strategy[]): AuthenticationPort['respondToChallenge'] =>
  async ({ clientId, adminPoolId, challenge, session, responses }, call) => {
    const context = await clientContext(needs.directory, clientId, call, adminPoolId);
    const text = carrierOf(challenge) === 'secret-block' ? required({ parameters: responses }, 'PASSWORD_CLAIM_SECRET_BLOCK') : session;
    if (text === undefined) throw refusal('InvalidParameter', { reason: 'Missing required parameter Session' });
    const carried = await openCarried(needs, carrierOf(challenge), text, context);
    after({ do: 'answer', challenge }, carried.signIn);
    return goOn(needs, strategies, {
      name: challenge, context, parameters: responses, carried, wantsProof: carried.wantsProof, signIn: carried.signIn, now: secondsOf(needs.clock.now()), call,
    });
  };

/** SRP's state travels in its own parameter; a client may send a Session along, which then means nothing. */
const carrierOf = (challenge: string) => (challenge === 'PASSWORD_VERIFIER' ? 'secret-block' : 'session');

async function goOn(needs: AuthenticationNeeds, strategies: readonly Strategy[], step: Step): Promise<AuthStep> {
  checkSecretHash(step.context, step.parameters['SECRET_HASH'], [requiredName(step)]);
  for (const strategy of strategies) {
    const answer = await strategy.answer(step);
    if (answer.is === 'more') return challengeOf(answer.posed);
    if (answer.is === 'done') return afterProof(needs, strategies, step, answer);
  }
  throw refusal('FlowNotSupported');
}

/** Through the gates: to tokens, or to the challenge that one of them asks for. */
async function afterProof(needs: AuthenticationNeeds, strategies: readonly Strategy[], step: Step, { factor, user, carried }: Done): Promise<AuthStep> {
  const { now, context, call } = step;
  // A wrong answer to a Session uses nothing up; one to a SECRET_BLOCK did, before it was judged.
  if (step.carried && carrierOf(step.name) === 'session') await useUp(needs, step.carried, call);
  const state = after({ do: 'prove', proof: { factor, at: now }, facts: { person: personOf(user), now } }, carried.signIn);
  if (state.is === 'completed') return signInOutcome(needs, { ...carried, proofs: state.proofs }, user, context, call);

  const { awaits } = underWay(state);
  for (const strategy of strategies) {
    const parameters = awaits && strategy.pose?.(awaits, user, context);
    if (!awaits || !parameters) continue;
    const expiresAt = epochSeconds(now + context.client.authSessionSeconds);
    const session = await sealCarried(needs.sealedTexts, 'session', { ...carried, id: newUseId(), signIn: underWay(state), username: user.username, expiresAt });
    return challengeOf({ challenge: awaits, parameters, session });
  }
  throw refusal('FlowNotSupported');
}

const challengeOf = ({ challenge, parameters, session }: Posed): AuthStep =>
  ({ outcome: { $case: 'challenge', value: { name: challenge, session, parameters: { ...parameters }, available: [] } } });
