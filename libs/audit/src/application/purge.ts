import type { PoolDeleted, UserDeleted } from '@rollcall/contracts';
import type { Consumer, Erasure } from '@rollcall/eventing';

/** Of directory's events. The records stay; what they say of a person's device is erased with the key. */
export const auditConsumer = ({ erasure }: { readonly erasure: Erasure }): Consumer<UserDeleted | PoolDeleted> => ({
  name: 'audit.erasure',
  on: {
    'directory.user.deleted': ({ data: { poolId, sub } }) => erasure.destroyPerson({ poolId, sub }),
    'directory.pool.deleted': ({ data: { poolId } }) => erasure.destroyPool(poolId),
  },
});
