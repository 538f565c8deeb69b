import { accept, type Decider, type EpochSeconds } from '@rollcall/kernel';

import { familyRevoked, type FamilyEvent, type RevocationReason } from './family.events.js';

/** A revocation that the decision table holds already; the event only tells of it, once. */
export type FamilyCommand = Readonly<{
  do: 'record-revocation';
  family: string;
  poolId: string;
  clientId: string;
  sub: string;
  reason: RevocationReason;
  at: EpochSeconds;
}>;

/** Whether the log knows that the family is revoked. Stream `token.family-<family>`. */
export type FamilyState = Readonly<{ revoked: boolean }>;

export const familyDecider: Decider<FamilyCommand, FamilyState, FamilyEvent> = {
  initial: { revoked: false },
  decide({ do: _, ...revocation }, { revoked }) {
    return revoked ? accept() : accept(familyRevoked(revocation));
  },
  evolve: () => ({ revoked: true }),
};
