import type { Claims, EventStore, RequestIds, Sealing, Vault } from '@rollcall/eventing';
import type { Clock } from '@rollcall/kernel';

import type { ClaimHashes } from './claim-hashes.js';

/** What the handlers of pools, clients and users share. */
export interface Needs {
  readonly store: EventStore;
  readonly claims: Claims;
  readonly vault: Vault;
  readonly sealing: Pick<Sealing, 'pretend'>;
  readonly ids: RequestIds;
  readonly clock: Clock;
  readonly hashes: ClaimHashes;
  /** A client secret: 52 random characters of `[a-z0-9]`. */
  readonly newSecret: () => string;
}

/** The loop's own needs. */
export const loopOf = ({ store, ids, clock }: Needs) => ({ store, ids, now: () => clock.now() });
