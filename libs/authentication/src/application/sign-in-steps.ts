import { refusal, type AuthenticationPort, type CallContext, type wire } from '@rollcall/contracts';
import { epochSeconds, fold, secondsOf } from '@rollcall/kernel';

import { flowNamed } from '../domain/flows.js';
import { gates } from '../domain/gates.js';
import { signInWith, type SignIn, type SignInCommand, type SignInUnderWay } from '../domain/sign-in.js';
import { personOf } from './candidate.js';
import { newUseId, openCarried, sealCarried, type Carried } from './carried.js';
import { causeOf } from './cause.js';
import { clientContext } from './client-context.js';
import { requestMark } from './keyed-hash.js';
import type { AuthenticationNeeds } from './needs.js';
import { refreshTokens } from './refresh-flow.js';
import { checkSecretHash } from './secret-hash.js';
import { signInOutcome } from './sign-in-outcome.js';
import { required, type Answer, type Posed, type Step, type Strategy } from './strategy.js';

type AuthStep = wire.authentication.AuthStep;
type Done = Extract<Answer, { is: 'done' }>;

/** Time in which the answer to a Session or SECRET_BLOCK may be on its way, and be repeated. */
const REPEAT_SECONDS = 120;

const machine = signInWith(gates);

/** The state after a command. @throws {DomainError} the machine's refusal */
function after(command: SignInCommand, state: SignIn): SignIn {
  const decision = machine.decide(command, state);
  if (decision.kind === 'refused') throw decision.error;
  return fold({ initial: state, evolve: machine.evolve }, decision.events);
}

export const initiateAuth = (needs: AuthenticationNeeds, strategies: readonly Strategy[]): AuthenticationPort['initiateAuth'] =>
  async ({ clientId, adminPoolId, flow, parameters, wantsProof }, call) => {
    const context = await clientContext(needs.directory, clientId, call, adminPoolId);
    const signIn = after({ do: 'begin', flow, enabled: context.client.flows, byAdministrator: adminPoolId !== undefined }, machine.initial);
    if (flowNamed(flow) === 'REFRESH_TOKEN_AUTH') {
      return { outcome: { $case: 'tokens', value: await refreshTokens(needs, context, parameters, call) } };
    }
    return goOn(needs, strategies, { name: flow, context, parameters, wantsProof, signIn: underWay(signIn), now: secondsOf(needs.clock.now()), call });
  };

export const respondToChallenge = (needs: AuthenticationNeeds, strategies: readonly Strategy[]): AuthenticationPort['respondToChallenge'] =>
  async ({ clientId, adminPoolId, challenge, session, responses }, call) => {
    const context = await clientContext(needs.directory, clientId, call, adminPoolId);
    // A client may send a Session along with a SECRET_BLOCK, which alone counts then.
    const carried = session === undefined || challenge === 'PASSWORD_VERIFIER' ? undefined : await openCarried(needs, 'session', session, context);
    if (!carried && challenge !== 'PASSWORD_VERIFIER') throw refusal('InvalidParameter', { reason: 'Missing required parameter Session' });
    const signIn = carried?.signIn ?? { is: 'under-way', proofs: [], awaits: 'PASSWORD_VERIFIER' };
    after({ do: 'answer', challenge }, signIn);
    return goOn(needs, strategies, {
      name: challenge, context, parameters: responses, carried, wantsProof: carried?.wantsProof ?? false, signIn, now: secondsOf(needs.clock.now()), call,
    });
  };

async function goOn(needs: AuthenticationNeeds, strategies: readonly Strategy[], step: Step): Promise<AuthStep> {
  checkSecretHash(step.context, step.parameters['SECRET_HASH'], [required(step, 'USERNAME')]);
  for (const strategy of strategies) {
    const answer = await strategy.answer(step);
    if (answer.is === 'more') return challengeOf(answer.posed);
    if (answer.is === 'done') return afterProof(needs, strategies, step, answer);
  }
  throw refusal('FlowNotSupported');
}

/** Through the gates: to tokens, or to the challenge that one of them asks for. */
async function afterProof(needs: AuthenticationNeeds, strategies: readonly Strategy[], step: Step, { factor, user, carried }: Done): Promise<AuthStep> {
  if (step.carried) await useUp(needs, step.carried, step.call);
  const { now, context, call } = step;
  const state = after({ do: 'prove', proof: { factor, at: now }, facts: { person: personOf(user), now } }, carried.signIn);
  if (state.is === 'completed') return signInOutcome(needs, { ...carried, proofs: state.proofs }, user, context, call);

  const { awaits } = underWay(state);
  for (const strategy of strategies) {
    const parameters = awaits && strategy.pose?.(awaits, user, context);
    if (!awaits || !parameters) continue;
    const expiresAt = epochSeconds(now + context.client.authSessionSeconds);
    const session = await sealCarried(needs.sealedTexts, 'session', { ...carried, id: newUseId(), signIn: underWay(state), expiresAt });
    return challengeOf({ challenge: awaits, parameters, session });
  }
  throw refusal('FlowNotSupported');
}

/** @throws {DomainError} `SessionUsed`, unless this very request used it a moment ago */
export async function useUp(needs: Pick<AuthenticationNeeds, 'singleUse' | 'keys'>, { id, expiresAt, poolId, whom }: Carried, call: CallContext): Promise<void> {
  const facts = { ...causeOf(call), poolId, ...('sub' in whom ? { sub: whom.sub } : {}) };
  const first = await needs.singleUse.use(id, epochSeconds(expiresAt + REPEAT_SECONDS), await requestMark(needs.keys, call), facts);
  if (!first) throw refusal('SessionUsed');
}

function underWay(state: SignIn): SignInUnderWay {
  if (state.is !== 'under-way') throw new TypeError(`a sign-in that is ${state.is} goes no further`);
  return state;
}

const challengeOf = ({ challenge, parameters, session }: Posed): AuthStep =>
  ({ outcome: { $case: 'challenge', value: { name: challenge, session, parameters: { ...parameters }, available: [] } } });

