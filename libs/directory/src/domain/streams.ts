import type { ClientId, PoolId, Sub } from '@rollcall/kernel';

export const POOL_STREAMS = 'directory.pool-';
export const CLIENT_STREAMS = 'directory.client-';
export const USER_STREAMS = 'directory.user-';

/** Names of streams hold ids alone. A dot ends the pool's id, which has none: what follows cannot pass as another pool's. */
export const poolStream = (poolId: PoolId): string => `${POOL_STREAMS}${poolId}`;
export const clientStream = (poolId: PoolId, clientId: ClientId): string => `${CLIENT_STREAMS}${poolId}.${clientId}`;
export const userStream = (poolId: PoolId, sub: Sub): string => `${USER_STREAMS}${poolId}.${sub}`;

/** The ids in the name of a stream, the pool's first. */
export const idsIn = (stream: string): readonly [poolId: string, id: string] => {
  const [poolId = '', id = ''] = stream.slice(stream.indexOf('-') + 1).split('.', 2);
  return [poolId, id];
};
