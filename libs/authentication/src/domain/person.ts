import { DomainError, type EpochSeconds } from '@rollcall/kernel';

export type UserStatus = 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'RESET_REQUIRED' | 'EXTERNAL_PROVIDER';

/** What sign-in looks at of a user. */
export interface Person {
  readonly status: UserStatus;
  readonly enabled: boolean;
  /** Until when a temporary password serves; absent for a lasting one. */
  readonly temporaryUntil?: EpochSeconds | undefined;
}

/** Why this user may not sign in, whatever is proved. */
export function stateRefusal({ status, enabled }: Person): DomainError | undefined {
  if (status === 'UNCONFIRMED') return new DomainError('UserNotConfirmed');
  return enabled ? undefined : new DomainError('UserDisabled');
}

/**
 * What is said before any proof is looked at. A client that does not hide unknown users is told everything at once, as
 * by Cognito; one that hides them learns of a user's state from a proof alone.
 *
 * @param person `undefined`: the name means nobody
 * @see reference of PreventUserExistenceErrors; UNCONFIRMED before the password was measured on a real pool
 */
export function refusalBeforeProof(person: Person | undefined, hidesUnknownUsers: boolean): DomainError | undefined {
  if (hidesUnknownUsers) return undefined;
  return person === undefined ? new DomainError('UserNotFound') : stateRefusal(person);
}
