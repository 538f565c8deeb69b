import type { PoolDeleted, UserDeleted } from '@rollcall/contracts';
import type { Erasure } from '@rollcall/eventing';

/** The records stay; what they say of the person's device is erased with the key. */
export const erasePerson = ({ erasure }: { readonly erasure: Erasure }) => ({ data }: UserDeleted) =>
  erasure.destroyPerson({ poolId: data.poolId, sub: data.sub });

export const erasePool = ({ erasure }: { readonly erasure: Erasure }) => ({ data }: PoolDeleted) =>
  erasure.destroyPool(data.poolId);
