import { DomainError, type EpochSeconds } from '@rollcall/kernel';

import type { RevocationReason } from './family.events.js';

/** All tokens that descend from one sign-in. */
export interface Family {
  /** `origin_jti` of its tokens. */
  readonly family: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly amr: readonly string[];
  readonly authTime: EpochSeconds;
  readonly deviceKey?: string | undefined;
  readonly parentSession?: string | undefined;
  /** The user's session generation that the sign-in proved. */
  readonly generation: number;
}

export interface KeptFamily extends Family {
  readonly expired: boolean;
  readonly revoked?: RevocationReason | undefined;
}

/** A refresh token as it was found, all times told by one clock. */
export interface PresentedToken {
  readonly family: KeptFamily;
  /** How long ago it was exchanged for a successor; absent while it was not. */
  readonly rotatedMillisAgo?: number | undefined;
  /** This very request exchanged it already, so long ago. */
  readonly repeatedMillisAgo?: number | undefined;
  /** This very request revoked the family already. */
  readonly revokedByThisRequest: boolean;
}

export interface RefreshAttempt {
  readonly poolId: string;
  readonly clientId: string;
  /** How long a rotated token still passes; `undefined`: the client does not rotate, a token passes until it expires. */
  readonly graceMillis: number | undefined;
}

/** What a session must be measured against: the user's fold. */
export interface SessionOwner {
  readonly enabled: boolean;
  readonly sessionGeneration: number;
  /** The one family that the last raise of the generation left alive. */
  readonly sparedFamily?: string | undefined;
}

/** For so long the same request passes again: its answer may have been lost. */
export const REPEAT_MILLIS = 60_000;

/**
 * What may happen to a token that claims to be a refresh token of this client. `reused` is a refusal with an effect:
 * whoever comes second with a rotated token proves that two hold it, so the whole family has to end.
 */
export type TokenVerdict = 'pass' | 'rotate' | 'sibling' | 'repeat' | 'reused' | DomainError;

/** Another client's token, or another pool's, is told nothing about, and nothing happens to it. */
export function judgeToken(presented: PresentedToken, { poolId, clientId, graceMillis }: RefreshAttempt): TokenVerdict {
  const { family, rotatedMillisAgo, repeatedMillisAgo, revokedByThisRequest } = presented;
  if (family.poolId !== poolId || family.clientId !== clientId) return new DomainError('RefreshTokenInvalid');
  if (revokedByThisRequest) return new DomainError('RefreshTokenReused');
  if (family.revoked) return new DomainError('RefreshTokenRevoked');
  if (family.expired) return new DomainError('RefreshTokenExpired');
  if (rotatedMillisAgo === undefined) return graceMillis === undefined ? 'pass' : 'rotate';
  if (repeatedMillisAgo !== undefined && repeatedMillisAgo < REPEAT_MILLIS) return 'repeat';
  // The grace of the client's setting; a client that has ceased to rotate grants none to what it rotated.
  if (graceMillis !== undefined && rotatedMillisAgo < graceMillis) return 'sibling';
  return 'reused';
}

/** Whether a sign-in still counts for its user: revocation is a number, so no clock takes part. */
export const isOfPresentGeneration = ({ family, generation }: Pick<Family, 'family' | 'generation'>, user: SessionOwner): boolean =>
  generation === user.sessionGeneration || family === user.sparedFamily;

/** The refusal that the user's state demands, if any. */
export function judgeOwner(family: Family, user: SessionOwner): DomainError | undefined {
  if (!user.enabled) return new DomainError('UserDisabled');
  return isOfPresentGeneration(family, user) ? undefined : new DomainError('RefreshTokenRevoked');
}
