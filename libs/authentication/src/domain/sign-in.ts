import { accept, DomainError, refuse, unreachable, type Decider, type Decision } from '@rollcall/kernel';

import type { ChallengeName } from './challenge-names.js';
import { flowNamed, flowRefusal } from './flows.js';
import type { Gate, GateFacts } from './gates.js';
import type { Proof } from './proof.js';
import { begun, challengeSet, completed, factorProved, type SignInEvent } from './sign-in.events.js';

export type SignInCommand = Readonly<
  | { do: 'begin'; flow: string; enabled: ReadonlySet<string>; byAdministrator: boolean }
  /** A step answered with a challenge instead of a proof. */
  | { do: 'set-challenge'; challenge: ChallengeName }
  /** May this challenge be answered now? */
  | { do: 'answer'; challenge: string }
  | { do: 'prove'; proof: Proof; facts: GateFacts }>;

/** `awaits`: the one challenge that the next step must answer, so that no step is reached without those before it. */
export type SignInUnderWay = Readonly<{ is: 'under-way'; proofs: readonly Proof[]; awaits: ChallengeName | undefined }>;
export type SignIn = Readonly<{ is: 'not-begun' }> | SignInUnderWay | Readonly<{ is: 'completed'; proofs: readonly Proof[] }>;

/**
 * The machine of all sign-ins. It knows nothing of any challenge: how one is put and answered is its strategy's matter,
 * when one is due is a gate's.
 */
export const signInWith = (gates: readonly Gate[]): Decider<SignInCommand, SignIn, SignInEvent> => ({
  initial: { is: 'not-begun' },

  decide(command, state) {
    if (command.do === 'begin') return begin(command, state);
    if (state.is !== 'under-way') return refuse(new DomainError('SessionInvalid'));
    switch (command.do) {
      case 'set-challenge':
        return accept(challengeSet({ challenge: command.challenge }));
      case 'answer':
        return state.awaits === command.challenge ? accept() : refuse(new DomainError('SessionInvalid'));
      case 'prove':
        return passGates(gates, command, state);
      default:
        return unreachable(command);
    }
  },

  evolve(state, event) {
    const proofs = state.is === 'not-begun' ? [] : state.proofs;
    switch (event.type) {
      case 'authentication.sign-in.begun':
        return { is: 'under-way', proofs: [], awaits: undefined };
      case 'authentication.sign-in.challenge-set':
        return { is: 'under-way', proofs, awaits: event.data.challenge };
      case 'authentication.sign-in.factor-proved':
        return { is: 'under-way', proofs: [...proofs, event.data], awaits: undefined };
      case 'authentication.sign-in.completed':
        return { is: 'completed', proofs };
      default:
        return unreachable(event);
    }
  },
});

function begin({ flow: name, enabled, byAdministrator }: Extract<SignInCommand, { do: 'begin' }>, state: SignIn): Decision<SignInEvent> {
  if (state.is !== 'not-begun') return refuse(new DomainError('SessionInvalid'));
  const flow = flowNamed(name);
  const refusal = flowRefusal(name, enabled, byAdministrator);
  if (refusal || flow === undefined) return refuse(refusal ?? new DomainError('FlowNotSupported'));
  return accept(begun({ flow }));
}

function passGates(gates: readonly Gate[], { proof, facts }: Extract<SignInCommand, { do: 'prove' }>, { proofs }: SignInUnderWay): Decision<SignInEvent> {
  const proved = factorProved(proof);
  for (const gate of gates) {
    const passage = gate(facts, [...proofs, proof]);
    if (passage.is === 'shut') return refuse(passage.error);
    if (passage.is === 'asks') return accept<SignInEvent>(proved, challengeSet({ challenge: passage.challenge }));
  }
  return accept<SignInEvent>(proved, completed({}));
}
