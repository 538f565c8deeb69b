import type { wire } from '@rollcall/contracts';

import type { ChallengeNameType, InitiateAuthResponse } from '../gen/shapes.js';

/** The next challenge, or tokens; a proof never comes to this edge. */
export function authStepOut({ outcome }: wire.authentication.AuthStep): InitiateAuthResponse {
  switch (outcome?.$case) {
    case 'challenge': {
      const { name, session, parameters, available } = outcome.value;
      return {
        ChallengeName: name as ChallengeNameType,
        ...(session === undefined ? {} : { Session: session }),
        ChallengeParameters: parameters,
        ...(available.length > 0 ? { AvailableChallenges: available as ChallengeNameType[] } : {}),
      };
    }
    case 'tokens': {
      const { accessToken, idToken, refreshToken, expiresIn, tokenType } = outcome.value;
      return {
        ChallengeParameters: {},
        AuthenticationResult: {
          AccessToken: accessToken,
          ExpiresIn: expiresIn,
          TokenType: tokenType,
          ...(refreshToken === undefined ? {} : { RefreshToken: refreshToken }),
          IdToken: idToken,
        },
      };
    }
    default: throw new TypeError('authentication answered neither a challenge nor tokens');
  }
}
