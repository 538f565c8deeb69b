import type { DomainError } from './domain-error.js';

/**
 * What a decider answers. A refusal carries events only when the refusal itself changes what is allowed later, such as
 * a reused refresh token that ends its family.
 */
export type Decision<Event> =
  | { readonly kind: 'accepted'; readonly events: readonly Event[] }
  | { readonly kind: 'refused'; readonly error: DomainError; readonly events: readonly Event[] };

export const accept = <Event>(...events: Event[]): Decision<Event> => ({ kind: 'accepted', events });
export const refuse = <Event>(error: DomainError, ...events: Event[]): Decision<Event> => ({ kind: 'refused', error, events });

/** The rules of one aggregate: pure functions of values, runnable in a browser. */
export interface Decider<Command, State, Event> {
  readonly initial: State;
  /** Never throws on a well-formed command; a refusal is a value. */
  decide(command: Command, state: State): Decision<Event>;
  /** Total: it must never fail on an event that was stored. */
  evolve(state: State, event: Event): State;
}

/** The state after all events, in order. */
export function fold<State, Event>(decider: Pick<Decider<never, State, Event>, 'initial' | 'evolve'>, events: Iterable<Event>): State {
  let state = decider.initial;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}
