import { refusal, type CallContext, type ErrorCode, type TokenPort } from '@rollcall/contracts';
import { clientId, DomainError, poolId, secondsOf, sub, type ClientId, type Clock, type PoolId, type Sub } from '@rollcall/kernel';
import { decodeBase64Url, JWT_MAX_CHARACTERS, verifyJwtRs256, type VerifiedJwt } from '@rollcall/platform-crypto';

import { keySets } from './key-sets.js';

/** Whom a valid access token stands for. */
export interface AccessToken {
  readonly poolId: PoolId;
  readonly clientId: ClientId;
  readonly sub: Sub;
  readonly username: string;
  readonly scopes: readonly string[];
  /** The family of its sign-in, also where the token bears no `origin_jti`. */
  readonly originJti: string;
}

export interface AccessTokenNeeds {
  readonly token: Pick<TokenPort, 'publicKeys' | 'check'>;
  readonly clock: Clock;
  /** `iss` of a pool's tokens. */
  readonly issuer: (poolId: string) => string;
}

/** What a user may do for themselves through the API. */
const SELF_SERVICE_SCOPE = 'aws.cognito.signin.user.admin';

/**
 * Verifies access tokens for the API: signature by a key of the pool that the issuer names, kind, expiry and scope here;
 * then `TokenPort.check`, every time, as that alone knows what was revoked.
 *
 * @throws {DomainError} `AccessTokenInvalid`, `AccessTokenExpired`, `AccessTokenRevoked`, `ScopeMissing`, `UserNotFound`,
 *   `UserDisabled`; with poolId, clientId and sub in its details once the signature is known to be good
 */
export function accessTokenVerifier({ token, clock, issuer }: AccessTokenNeeds): (accessToken: string, call: CallContext) => Promise<AccessToken> {
  const sets = keySets({ token, clock });

  return async (accessToken, call) => {
    const pool = poolNamedBy(accessToken, issuer);
    if (pool === undefined) throw refusal('AccessTokenInvalid');
    const verified = await verifyJwtRs256(accessToken, (kid) => sets.find(pool, kid, call)).catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'PoolNotFound') return undefined;
      throw error;
    });
    const read = verified && readClaims(pool, verified, issuer);
    if (!read) throw refusal('AccessTokenInvalid');

    const { kid, expiresAt, issuedAt, ...principal } = read;
    const whose = { poolId: principal.poolId, clientId: principal.clientId, sub: principal.sub };
    const refused = (code: ErrorCode) => refusal(code, whose);
    if (expiresAt <= secondsOf(clock.now())) throw refused('AccessTokenExpired');
    if (!principal.scopes.includes(SELF_SERVICE_SCOPE)) throw refused('ScopeMissing');
    try {
      await token.check({ ...whose, kid, issuedAt, originJti: principal.originJti }, call);
    } catch (error) {
      if (error instanceof DomainError) throw new DomainError(error.code, { ...error.details, ...whose }, { cause: error });
      throw error;
    }
    return principal;
  };
}

interface Read extends AccessToken {
  readonly kid: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly issuedAt: number;
}

/** The pool whose keys have to tell whether the token is good. Nothing else of an unverified token is looked at. */
function poolNamedBy(token: string, issuer: (poolId: string) => string): PoolId | undefined {
  if (token.length > JWT_MAX_CHARACTERS) return undefined;
  try {
    const claims = JSON.parse(decodeBase64Url(token.split('.', 2)[1] ?? '')?.toString('utf8') ?? '') as { readonly iss?: unknown } | null;
    if (typeof claims?.iss !== 'string') return undefined;
    const named = poolId(claims.iss.slice(claims.iss.lastIndexOf('/') + 1));
    return issuer(named) === claims.iss ? named : undefined;
  } catch {
    return undefined; // a stranger's text, nothing to report
  }
}

/** Claims of an access token of that pool; `undefined` for any other token, though we have signed it. */
function readClaims(pool: PoolId, { kid, claims }: VerifiedJwt, issuer: (poolId: string) => string): Read | undefined {
  const { iss, token_use: use, sub: user, client_id: client, username, scope, exp, iat, origin_jti: originJti, event_id: eventId } = claims;
  // Clients without token revocation get tokens without origin_jti, whose event_id is the family.
  const family = originJti ?? eventId;
  if (iss !== issuer(pool) || use !== 'access') return undefined;
  if (![user, client, username, scope, family].every((claim) => typeof claim === 'string') || typeof exp !== 'number' || typeof iat !== 'number') return undefined;
  return {
    poolId: pool,
    clientId: clientId(client as string),
    sub: sub(user as string),
    username: username as string,
    scopes: (scope as string).split(' '),
    originJti: family as string,
    kid,
    expiresAt: exp,
    issuedAt: iat,
  };
}
