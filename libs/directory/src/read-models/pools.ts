import { definitionsOf, type Projection } from '@rollcall/eventing';
import { regionOf, type EpochSeconds } from '@rollcall/kernel';

import { poolEvents, type PoolEvent } from '../domain/pool.events.js';
import { idsIn, POOL_STREAMS } from '../domain/streams.js';

export interface PoolRow {
  readonly poolId: string;
  readonly region: string;
  readonly settingsJson: string;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
}

export interface PoolTable {
  put(row: PoolRow): Promise<void>;
  delete(poolId: string): Promise<void>;
}

/** Which pools a region has. */
export const pools: Projection<PoolEvent, PoolTable> = {
  name: 'directory_pools',
  version: 1,
  kind: 'per-stream',
  prefixes: [POOL_STREAMS],
  definitions: definitionsOf(poolEvents),
  on: {
    'directory.pool.created': ({ stream, data: { settingsJson, at } }, table) => {
      const [poolId] = idsIn(stream);
      return table.put({ poolId, region: regionOf(poolId), settingsJson, createdAt: at, updatedAt: at });
    },
    'directory.pool.deleted': ({ stream }, table) => table.delete(idsIn(stream)[0]),
  },
};
