import type { Erasure, StoredEvent } from '@rollcall/eventing';

import { idsIn } from '../domain/streams.js';

export const concernsForgetting = ({ type }: StoredEvent): boolean => type === 'directory.user.deleted';

/**
 * Destroys the keys of people who were deleted: the last step, so that whatever was sealed for them anywhere is erased.
 * Again after a crash; destroying twice is destroying once.
 */
export const forgetPeople = ({ destroyPerson }: Pick<Erasure, 'destroyPerson'>) => async (events: readonly StoredEvent[]): Promise<void> => {
  for (const { stream } of events) {
    const [poolId, sub] = idsIn(stream);
    await destroyPerson({ poolId, sub });
  }
};
