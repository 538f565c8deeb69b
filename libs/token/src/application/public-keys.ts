import type { DirectoryPort, TokenPort } from '@rollcall/contracts';
import { secondsOf, type Clock } from '@rollcall/kernel';

import { publishedKeys } from '../domain/signing-keys.js';
import type { PoolKeys } from './pool-keys.js';

export interface PublicKeysNeeds {
  readonly directory: Pick<DirectoryPort, 'poolContext'>;
  readonly keys: PoolKeys;
  readonly clock: Clock;
}

/** The first who asks for a pool's keys has them made, as the first sign-in has. */
export const publicKeys = ({ directory, keys, clock }: PublicKeysNeeds): TokenPort['publicKeys'] =>
  async ({ poolId }, call) => {
    await directory.poolContext({ poolId }, call); // a pool that is gone has no keys
    const published = publishedKeys(await keys.ensured(poolId, call), secondsOf(clock.now()));
    return { jwksJson: JSON.stringify({ keys: published }) };
  };
