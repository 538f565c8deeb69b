import { readableBy, refusal, type ClientSettings, type wire } from '@rollcall/contracts';
import type { Caused, RequestIds } from '@rollcall/eventing';
import { secondsOf, type Clock } from '@rollcall/kernel';

import type { Family } from '../domain/refresh-rules.js';
import { signingKeyFor } from '../domain/signing-keys.js';
import { accessTokenClaims, idTokenClaims, type TokenFacts } from '../domain/token-claims.js';
import type { PoolKeys } from './pool-keys.js';
import type { Signer } from './signer.js';

export interface MintingNeeds {
  readonly keys: PoolKeys;
  readonly signer: Signer;
  readonly ids: RequestIds;
  readonly clock: Clock;
  /** The `iss` of a pool's tokens: fixed by settings, never taken from a request. */
  readonly issuer: (poolId: string) => string;
}

/** For whom and for what a pair of tokens is made. */
export interface Bearer {
  readonly user: wire.directory.User;
  readonly client: ClientSettings;
  readonly family: Family;
}

/** An ID and an access token, each signed by the key of its use. */
export const mint = ({ keys, signer, ids, clock, issuer }: MintingNeeds) =>
  async ({ user, client, family }: Bearer, call: Caused): Promise<Omit<wire.token.Tokens, 'refreshToken'>> => {
    const { poolId } = family;
    const poolsKeys = await keys.ensured(poolId, call);
    const issuedAt = secondsOf(clock.now());
    const [idKey, accessKey] = [signingKeyFor(poolsKeys, 'id', issuedAt), signingKeyFor(poolsKeys, 'access', issuedAt)];
    if (!idKey || !accessKey) throw refusal('Unavailable', { poolId });
    const isReadable = readableBy(client);
    const newId = (purpose: string) => ids.derive(undefined, purpose, 0);
    const facts: TokenFacts = {
      issuer: issuer(poolId),
      clientId: family.clientId,
      sub: family.sub,
      username: user.username,
      attributes: user.attributes.filter(({ name }) => isReadable(name)),
      groups: user.groups,
      scopes: family.scopes,
      amr: family.amr,
      authTime: family.authTime,
      issuedAt,
      idTokenSeconds: client.idTokenSeconds,
      accessTokenSeconds: client.accessTokenSeconds,
      family: family.family,
      ids: client.tokenRevocation ? { eventId: newId('event_id'), idJti: newId('id jti'), accessJti: newId('access jti') } : undefined,
      deviceKey: family.deviceKey,
    };
    const [idToken, accessToken] = await Promise.all([
      signer.sign(poolId, idKey.publicJwk.kid, idTokenClaims(facts)),
      signer.sign(poolId, accessKey.publicJwk.kid, accessTokenClaims(facts)),
    ]);
    return { idToken, accessToken, expiresIn: client.accessTokenSeconds, tokenType: 'Bearer', family: family.family };
  };
