import type { PoolDeleted, UserDeleted } from '@rollcall/contracts';
import type { Consumer, Erasure, Vault } from '@rollcall/eventing';

import type { RowUpkeep } from './row-upkeep.js';

export interface PurgeNeeds {
  readonly vault: Pick<Vault, 'deleteOwner'>;
  readonly rows: Pick<RowUpkeep, 'purgePerson'>;
  readonly erasure: Pick<Erasure, 'destroyPool'>;
}

/**
 * Of directory's events; it tidies up only, for directory alone shuts sign-in. With the pool's key all passwords of the
 * pool are unreadable at once; their rows go with their users, each of which is deleted after its pool.
 */
export const authenticationConsumer = ({ vault, rows, erasure }: PurgeNeeds): Consumer<UserDeleted | PoolDeleted> => ({
  name: 'authentication.purge',
  on: {
    'directory.user.deleted': async ({ data: { poolId, sub } }, tx) => {
      await vault.deleteOwner(poolId, sub, tx);
      await rows.purgePerson(poolId, sub, tx);
    },
    'directory.pool.deleted': async ({ data: { poolId } }) => erasure.destroyPool(poolId),
  },
});
