import type { ClaimKey } from '@rollcall/eventing';

/** Client ids are unique over all pools: a client id alone finds its pool. */
export const CLIENT_IDS = 'clients';

/** Whatever a pool accepts as a user's name, subs included, shares one namespace: nobody takes a name that means another. */
export const namesIn = (poolId: string): string => `names/${poolId}`;

/** The key of a claimed value: an HMAC over namespace and value, so that a claim never tells what it claims. */
export type ClaimHash = (namespace: string, value: string) => ClaimKey;

export interface ClaimHashes {
  /** The hash under the service's own key, ready to be used inside the load-decide-append loop. */
  ready(): Promise<ClaimHash>;
}
