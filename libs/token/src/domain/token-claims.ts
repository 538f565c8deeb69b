import type { EpochSeconds } from '@rollcall/kernel';

import { attributeClaims, type StoredAttribute } from './attribute-claims.js';

/** What the tokens of one sign-in or refresh say. */
export interface TokenFacts {
  readonly issuer: string;
  readonly clientId: string;
  readonly sub: string;
  readonly username: string;
  /** Those that the client may read. */
  readonly attributes: readonly StoredAttribute[];
  /** By precedence. */
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  readonly amr: readonly string[];
  readonly authTime: EpochSeconds;
  readonly issuedAt: EpochSeconds;
  readonly idTokenSeconds: number;
  readonly accessTokenSeconds: number;
  /** The family of refresh tokens. */
  readonly family: string;
  /** Ids of this pair of tokens; `undefined` for a client without token revocation, whose tokens bear none. */
  readonly ids: Readonly<{ eventId: string; idJti: string; accessJti: string }> | undefined;
  readonly deviceKey: string | undefined;
}

export type Claims = Readonly<Record<string, unknown>>;

/** @see Amazon Cognito Developer Guide, "Using the ID token" */
export const idTokenClaims = (facts: TokenFacts): Claims => ({
  ...attributeClaims(facts.attributes),
  ...sharedClaims(facts, facts.ids?.idJti),
  aud: facts.clientId,
  token_use: 'id',
  exp: facts.issuedAt + facts.idTokenSeconds,
  'cognito:username': facts.username,
});

/** @see Amazon Cognito Developer Guide, "Using the access token" */
export const accessTokenClaims = (facts: TokenFacts): Claims => ({
  ...sharedClaims(facts, facts.ids?.accessJti),
  client_id: facts.clientId,
  token_use: 'access',
  version: 2,
  scope: facts.scopes.join(' '),
  exp: facts.issuedAt + facts.accessTokenSeconds,
  username: facts.username,
  ...(facts.deviceKey === undefined ? {} : { device_key: facts.deviceKey }),
});

/**
 * Without token revocation neither token names its family in `origin_jti`. Signing out everywhere has to end it all the
 * same, and to spare one family of many, so there `event_id`, which Cognito leaves opaque, is the family.
 */
const sharedClaims = ({ sub, issuer, authTime, issuedAt, family, ids, groups, amr }: TokenFacts, jti: string | undefined): Claims => ({
  sub,
  iss: issuer,
  auth_time: authTime,
  iat: issuedAt,
  event_id: ids?.eventId ?? family,
  ...(ids === undefined ? {} : { origin_jti: family, jti }),
  ...(groups.length === 0 ? {} : { 'cognito:groups': groups }),
  ...(amr.length === 0 ? {} : { amr }),
});
