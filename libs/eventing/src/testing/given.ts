import { expect } from '@jest/globals';
import { fold, type Decider, type DomainEvent } from '@rollcall/kernel';

/**
 * Exact given/when/then for a decider: the events must be equal in type, version, data, order and number.
 *
 * ```ts
 * const given = specification(user);
 * given(signedUp(...)).when({ do: 'confirm', now }).then(confirmed({ at: now }));
 * given().when(reuse).thenRefused('RefreshTokenReused', {}, familyRevoked(...));
 * ```
 */
export function specification<Command, State, Event extends DomainEvent>(decider: Decider<Command, State, Event>) {
  return (...past: Event[]) => ({
    when: (command: Command) => {
      const decision = decider.decide(command, fold(decider, past));
      return {
        then(...events: Event[]) {
          expect(decision).toEqual({ kind: 'accepted', events });
        },
        thenRefused(code: string, details: Readonly<Record<string, unknown>> = {}, ...events: Event[]) {
          expect(decision.kind === 'refused' ? { code: decision.error.code, details: decision.error.details, events: decision.events } : decision)
            .toEqual({ code, details, events });
        },
      };
    },
    /** The state after the given events. */
    state: () => fold(decider, past),
  });
}
