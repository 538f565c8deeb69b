import { randomInt } from 'node:crypto';

import type { PoolSettings } from '@rollcall/contracts';
import { epochSeconds, secondsOf, type Clock, type EpochSeconds } from '@rollcall/kernel';

import { generatedPassword } from '../domain/generated-password.js';
import { checkPolicy } from './new-credential.js';

const DAY_SECONDS = 86_400;

/** Until when a temporary password serves that is set now. */
export const temporaryUntil = ({ Policies }: PoolSettings, clock: Clock): EpochSeconds =>
  epochSeconds(secondsOf(clock.now()) + Policies.PasswordPolicy.TemporaryPasswordValidityDays * DAY_SECONDS);

/** The one that was given, or a new one. @throws {DomainError} `PasswordRejected` */
export function temporaryPassword(given: string | undefined, pool: PoolSettings): string {
  if (given !== undefined) checkPolicy(given, pool);
  return given ?? generatedPassword(pool.Policies.PasswordPolicy, randomInt);
}
