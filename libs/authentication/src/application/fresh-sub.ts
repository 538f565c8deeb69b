import type { CallContext } from '@rollcall/contracts';
import { DomainError } from '@rollcall/kernel';

/**
 * Makes a user under ids that follow from the request, so that its repeat finds what it made; and under random ones
 * where that sub is used up: by a user made with the same words long ago, or deleted since.
 *
 * @param make gets the call that ids are derived from
 */
export async function underFreshSub<T>(call: CallContext, make: (idsOf: Pick<CallContext, 'requestKey'>) => Promise<T>): Promise<T> {
  try {
    return await make(call);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'UserChangedMeanwhile') throw error;
    return make({ requestKey: undefined });
  }
}
