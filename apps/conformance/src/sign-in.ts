import type { CognitoIdentityProvider, InitiateAuthCommandOutput, RespondToAuthChallengeCommandOutput } from '@aws-sdk/client-cognito-identity-provider';

import { secretHash } from './clients.js';
import { srpBegin, srpClaim, type SrpBegun, type SrpChallenge } from './srp.js';

/** Where somebody signs in. */
export interface Door {
  readonly poolId: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
}

const hashed = ({ clientId, clientSecret }: Door, username: string): Record<string, string> =>
  (clientSecret === undefined ? {} : { SECRET_HASH: secretHash(clientSecret, username, clientId) });

export interface SrpUnderWay {
  readonly begun: SrpBegun;
  readonly challenge: SrpChallenge;
}

/** The first leg of USER_SRP_AUTH. */
export async function beginSrp(client: CognitoIdentityProvider, door: Door, username: string): Promise<SrpUnderWay> {
  const begun = srpBegin();
  const { ChallengeParameters } = await client.initiateAuth({
    ClientId: door.clientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { USERNAME: username, SRP_A: begun.SRP_A, ...hashed(door, username) },
  });
  return { begun, challenge: ChallengeParameters as SrpChallenge };
}

/** Both legs of USER_SRP_AUTH: tokens, or the next challenge. */
export async function signInBySrp(client: CognitoIdentityProvider, door: Door, username: string, password: string): Promise<RespondToAuthChallengeCommandOutput> {
  const underWay = await beginSrp(client, door, username);
  const claim = srpClaim({ poolId: door.poolId, password, ...underWay });
  return client.respondToAuthChallenge({
    ClientId: door.clientId, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: { ...claim, ...hashed(door, underWay.challenge.USER_ID_FOR_SRP) },
  });
}

/** USER_PASSWORD_AUTH. */
export const signInByPassword = (client: CognitoIdentityProvider, door: Door, username: string, password: string): Promise<InitiateAuthCommandOutput> =>
  client.initiateAuth({ ClientId: door.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: username, PASSWORD: password, ...hashed(door, username) } });

export const refresh = (client: CognitoIdentityProvider, { clientId }: Door, refreshToken: string): Promise<InitiateAuthCommandOutput> =>
  client.initiateAuth({ ClientId: clientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: refreshToken } });

export interface Tokens {
  readonly access: string;
  readonly id: string;
  readonly refresh: string;
}

/** The tokens that a sign-in ended with. @throws {Error} if it ended with something else */
export function tokensOf({ AuthenticationResult: result, ChallengeName }: Pick<InitiateAuthCommandOutput, 'AuthenticationResult' | 'ChallengeName'>): Tokens {
  const { AccessToken: access, IdToken: id, RefreshToken } = result ?? {};
  if (access === undefined || id === undefined || RefreshToken === undefined) throw new Error(`no tokens but ${ChallengeName ?? 'nothing'}`);
  return { access, id, refresh: RefreshToken };
}
