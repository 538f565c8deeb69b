import type { ServiceKeys } from '@rollcall/eventing';
import { decodeBase64Url, open, seal, SealBroken } from '@rollcall/platform-crypto';

import type { PageTokens } from '../application/page-tokens.js';

/** More than the longest place has; what is longer is not looked at. */
const MOST_CHARACTERS = 8_192;

/** Sealed, as a place may hold somebody's address; bound to the list, so that a token of one does not open in another. */
export function sealedPageTokens(keys: ServiceKeys): PageTokens {
  const aadOf = (list: string) => `page/v1|${list}`;
  return {
    async seal(list, place) {
      return seal(await keys.serviceKey('page-tokens'), Buffer.from(JSON.stringify(place), 'utf8'), aadOf(list)).toString('base64url');
    },
    async open(list, token) {
      const blob = token.length <= MOST_CHARACTERS ? decodeBase64Url(token) : undefined;
      if (!blob) return undefined;
      try {
        return JSON.parse(open(await keys.serviceKey('page-tokens'), blob, aadOf(list)).toString('utf8')) as readonly string[];
      } catch (error) {
        if (error instanceof SealBroken) return undefined;
        throw error;
      }
    },
  };
}
