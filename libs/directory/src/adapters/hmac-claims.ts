import type { ServiceKeys } from '@rollcall/eventing';
import { hmacSha256 } from '@rollcall/platform-crypto';

import type { ClaimHashes } from '../application/claim-hashes.js';

/** Hashes under the service's own key: who reads the table of claims cannot try addresses against it. */
export const hmacClaims = (keys: ServiceKeys): ClaimHashes => ({
  async ready() {
    const key = await keys.serviceKey('claims');
    return (namespace, value) => ({ namespace, valueHash: hmacSha256(key, `${namespace}\n${value}`).toString('hex') });
  },
});
