import type { PoolDeleted, UserDeleted } from '@rollcall/contracts';
import type { Consumer, Erasure } from '@rollcall/eventing';

import type { Messages } from './messages.js';

/** Of directory's events: messages of whoever is gone are neither sent nor kept, and their keys are destroyed. */
export const notificationConsumer = ({ messages, erasure }: { readonly messages: Messages; readonly erasure: Erasure }): Consumer<UserDeleted | PoolDeleted> => ({
  name: 'notification.purge',
  on: {
    'directory.user.deleted': async ({ data: { poolId, sub } }, tx) => {
      await messages.purgePerson(poolId, sub, tx);
      await erasure.destroyPerson({ poolId, sub });
    },
    'directory.pool.deleted': async ({ data: { poolId } }, tx) => {
      await messages.purgePool(poolId, tx);
      await erasure.destroyPool(poolId);
    },
  },
});
