import { fold } from '@rollcall/kernel';

import { gates } from '../domain/gates.js';
import { signInWith, type SignIn, type SignInCommand, type SignInUnderWay } from '../domain/sign-in.js';

const machine = signInWith(gates);

export const notBegun: SignIn = machine.initial;

/** The state of a sign-in after a command. @throws {DomainError} the machine's refusal */
export function after(command: SignInCommand, state: SignIn): SignIn {
  const decision = machine.decide(command, state);
  if (decision.kind === 'refused') throw decision.error;
  return fold({ initial: state, evolve: machine.evolve }, decision.events);
}

export function underWay(state: SignIn): SignInUnderWay {
  if (state.is !== 'under-way') throw new TypeError(`a sign-in that is ${state.is} goes no further`);
  return state;
}
