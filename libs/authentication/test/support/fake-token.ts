import { createHash } from 'node:crypto';

import { refusal, type TokenPort, type wire } from '@rollcall/contracts';

import type { FakeDirectory } from './fake-directory.js';

/** Tokens that say what they were issued for; refused, as by the real service, where the user is no longer as proved. */
export function fakeToken(directory: FakeDirectory) {
  const issued: wire.token.IssueRequest[] = [];
  const refreshable = new Map<string, { readonly sub: string; readonly username: string }>();
  const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

  const port: TokenPort = {
    ...({} as TokenPort), // what is missing below, authentication must not call
    async issue(request, call) {
      const user = await directory.port.getUser({ poolId: request.poolId, by: { $case: 'sub', value: request.sub } }, call);
      if (user.credentialId !== request.credentialId || user.sessionGeneration !== request.sessionGeneration) throw refusal('UserChangedMeanwhile');
      issued.push(request);
      const family = createHash('sha256').update(call.requestKey ?? String(issued.length)).digest('hex').slice(0, 32);
      return { accessToken: jwt({ sub: user.sub, username: user.username }), idToken: jwt({}), refreshToken: `r1.${family}`, expiresIn: 3600, tokenType: 'Bearer', family };
    },
    async refresh({ refreshToken }, call) {
      const owner = refreshable.get(refreshToken);
      if (!owner) throw refusal('RefreshTokenInvalid');
      call.effects.sub = owner.sub;
      return { accessToken: jwt(owner), idToken: jwt({}), refreshToken: undefined, expiresIn: 3600, tokenType: 'Bearer', family: 'f' };
    },
  };
  return { port, issued, refreshable };
}
