import { DomainError, type EpochSeconds } from '@rollcall/kernel';

import type { ChallengeName } from './challenge-names.js';
import type { Proof } from './proof.js';
import { stateRefusal, type Person } from './person.js';

/** What the gates look at after a proof. A factor to come adds what it needs to know. */
export interface GateFacts {
  readonly person: Person;
  readonly now: EpochSeconds;
}

export type Gated = { readonly is: 'open' } | { readonly is: 'shut'; readonly error: DomainError } | { readonly is: 'asks'; readonly challenge: ChallengeName };

/** One rule between a proof and the tokens. A gate that asks is passed again after the answer, and then is open. */
export type Gate = (facts: GateFacts, proofs: readonly Proof[]) => Gated;

const open: Gated = { is: 'open' };
const shut = (error: DomainError | undefined): Gated => (error ? { is: 'shut', error } : open);

/** Confirmed and enabled: told again after the proof, for clients that hide unknown users are told only now. */
const inGoodState: Gate = ({ person }) => shut(stateRefusal(person));

const noResetPending: Gate = ({ person }) => (person.status === 'RESET_REQUIRED' ? shut(new DomainError('PasswordResetRequired')) : open);

const ownPassword: Gate = ({ person, now }) => {
  if (person.status !== 'FORCE_CHANGE_PASSWORD') return open;
  if (person.temporaryUntil !== undefined && person.temporaryUntil <= now) return shut(new DomainError('TemporaryPasswordExpired'));
  return { is: 'asks', challenge: 'NEW_PASSWORD_REQUIRED' };
};

/** In the order in which they are passed. Devices and further factors stand behind these. */
export const gates: readonly Gate[] = [inGoodState, noResetPending, ownPassword];
