import type { PoolDeleted, UserDeleted } from '@rollcall/contracts';
import type { Transaction } from '@rollcall/eventing';

import type { Messages } from './messages.js';

/** Tidies up only: the person's key is destroyed already by whoever owns it. */
export const purgePerson = ({ messages }: { readonly messages: Messages }) => ({ data }: UserDeleted, tx: Transaction) =>
  messages.purgePerson(data.poolId, data.sub, tx);

export const purgePool = ({ messages }: { readonly messages: Messages }) => ({ data }: PoolDeleted, tx: Transaction) =>
  messages.purgePool(data.poolId, tx);
