import { derivedUuid, uuidV4 } from './uuid.js';

/**
 * Ids of what a call makes. With a request key they are HMACs of it, so that the same request sent again makes the same
 * ids; without one, or for anybody without the service's key, they are random.
 *
 * @param key 32 bytes of one service
 */
export const requestIds = (key: Uint8Array) => ({
  /** The n-th id (from 0) of this purpose in this call, in UUID form. */
  derive: (requestKey: string | undefined, purpose: string, n: number): string =>
    requestKey === undefined ? uuidV4() : derivedUuid(key, `${purpose}|${requestKey}`, n),
});
