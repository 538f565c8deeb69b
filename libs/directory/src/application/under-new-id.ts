import { DomainError } from '@rollcall/kernel';

const ATTEMPTS = 3;

/**
 * Makes something under an id that follows from the request, so that a repeated request finds what it made before; and
 * under a random one where that id is used up: by the same request more than ten minutes ago, or deleted since.
 *
 * @param make throws `IdTaken` if the id is used up
 */
export async function underNewId<T>(requestKey: string | undefined, make: (requestKey: string | undefined) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await make(attempt === 1 ? requestKey : undefined);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'IdTaken' || attempt === ATTEMPTS) throw error;
    }
  }
}
