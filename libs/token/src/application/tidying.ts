import type { ClientDeleted, PoolCreated, PoolDeleted, UserDeleted } from '@rollcall/contracts';
import type { Consumer, Erasure, Log, Vault } from '@rollcall/eventing';

import type { Families } from './families.js';
import type { PoolKeys } from './pool-keys.js';
import type { Signer } from './signer.js';

export interface TidyingNeeds {
  readonly families: Pick<Families, 'purgeLater'>;
  readonly vault: Pick<Vault, 'deletePool'>;
  readonly erasure: Pick<Erasure, 'destroyPool'>;
  readonly keys: Pick<PoolKeys, 'ensured' | 'forget'>;
  readonly signer: Pick<Signer, 'forget'>;
  readonly log: Log;
}

type DirectoryEvent = PoolCreated | PoolDeleted | ClientDeleted | UserDeleted;

/** Nothing here makes anything safe: directory alone shuts sign-in, refresh and check. What is gone there is tidied up here. */
export const tokenConsumer = (needs: TidyingNeeds): Consumer<DirectoryEvent> => ({
  name: 'token.tidying',
  on: {
    'directory.pool.created': async (event) => warmUp(needs, event),
    'directory.user.deleted': ({ data }, tx) => needs.families.purgeLater({ scope: 'user', poolId: data.poolId, id: data.sub }, tx),
    'directory.client.deleted': ({ data }, tx) => needs.families.purgeLater({ scope: 'client', poolId: data.poolId, id: data.clientId }, tx),
    'directory.pool.deleted': async ({ data: { poolId } }, tx) => {
      await needs.erasure.destroyPool(poolId);
      await needs.vault.deletePool(poolId, tx);
      await needs.families.purgeLater({ scope: 'pool', poolId, id: '' }, tx);
      needs.keys.forget(poolId);
      needs.signer.forget(poolId);
    },
  },
});

/**
 * A new pool's keys, so that its first sign-in need not wait. Not awaited, as making them can take longer than the
 * transaction that the event is handled in may stay open; whatever goes wrong, the first sign-in makes them.
 */
function warmUp({ keys, log }: TidyingNeeds, { correlationId, operation, data: { poolId } }: PoolCreated): void {
  const call = { correlationId, operation, caller: { kind: 'service', id: 'token' }, effects: { eventIds: [] } };
  keys.ensured(poolId, call).catch((error: unknown) => log.warn({ poolId, error }, 'keys of a new pool were not made in advance'));
}
