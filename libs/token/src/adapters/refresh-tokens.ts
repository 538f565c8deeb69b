import type { ServiceKeys } from '@rollcall/eventing';
import { hmacSha256, randomBase64Url, sha256 } from '@rollcall/platform-crypto';

import type { RefreshTokens } from '../application/refresh-tokens.js';

/** Whoever lacks the service's key cannot tell a derived token from a random one, though he know the whole request. */
export const refreshTokens = ({ serviceKeys }: { readonly serviceKeys: ServiceKeys }): RefreshTokens => ({
  async make(requestKey, from) {
    if (requestKey === undefined) return `r1.${randomBase64Url(32)}`;
    const key = await serviceKeys.serviceKey('refresh-tokens');
    return `r1.${hmacSha256(key, `refresh-token/v1|${requestKey}|${from}`).toString('base64url')}`;
  },
  hash: (token) => sha256(token),
});
