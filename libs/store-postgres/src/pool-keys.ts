import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

import { KeyDestroyed } from '@rollcall/eventing';
import { hmacSha256, type KeyProvider } from '@rollcall/platform-crypto';
import type { Database } from '@rollcall/platform-postgres';
import { LRUCache } from 'lru-cache';

import { KEY_BYTES } from './service-keys.js';

/** How long a key that another process destroyed may still be used here. */
export const KEY_TTL_MILLIS = 60_000;

/** Remembered of a key that was destroyed here, so that an answer still on its way does not bring it back. */
export const DESTROYED = Symbol('destroyed');

export interface PoolKeys {
  /** A key of the pool for one use, derived from the pool's own. @throws {KeyDestroyed} */
  use(poolId: string, purpose: string): Promise<KeyObject>;
  /** As `use`, but `undefined` if the key is destroyed or was never made: for opening. */
  find(poolId: string, purpose: string): Promise<KeyObject | undefined>;
  destroy(poolId: string): Promise<void>;
}

interface PoolKey {
  readonly root: KeyObject;
  /** By purpose. */
  readonly derived: Map<string, KeyObject>;
}

/** One random key per pool; everything sealed for the pool or its people hangs on it. */
export function poolKeys({ db, service, provider }: { readonly db: Database; readonly service: string; readonly provider: KeyProvider }): PoolKeys {
  const select = `select wrapped from ${service}.pool_key where pool_id = $1`;
  const insert = `insert into ${service}.pool_key (pool_id, wrapped) values ($1, $2) on conflict (pool_id) do nothing`;
  const tombstone = `insert into ${service}.pool_key (pool_id, wrapped, destroyed_at) values ($1, null, clock_timestamp())
    on conflict (pool_id) do update set wrapped = null, destroyed_at = coalesce(pool_key.destroyed_at, clock_timestamp())`;
  const people = `delete from ${service}.person_key where ctid = any (array(select ctid from ${service}.person_key where pool_id = $1 limit 10000))`;
  const known = new LRUCache<string, PoolKey | typeof DESTROYED>({ max: 10_000, ttl: KEY_TTL_MILLIS });

  /** `null`: destroyed; `undefined`: never made. */
  async function load(poolId: string): Promise<PoolKey | null | undefined> {
    const cached = known.get(poolId);
    if (cached) return cached === DESTROYED ? null : cached;
    const { rows: [row] } = await db.repeatable<{ wrapped: Buffer | null }>(select, [poolId]);
    if (!row?.wrapped) return row && null;
    const key: PoolKey = { root: createSecretKey(await provider.unwrap(service, row.wrapped)), derived: new Map() };
    if (known.get(poolId) === DESTROYED) return null;
    known.set(poolId, key);
    return key;
  }

  async function loadOrMake(poolId: string): Promise<PoolKey> {
    const key = await load(poolId);
    if (key === null) throw new KeyDestroyed('the key of the pool is destroyed');
    if (key) return key;
    await db.repeatable(insert, [poolId, await provider.wrap(service, randomBytes(KEY_BYTES))]);
    return loadOrMake(poolId);
  }

  /** A pseudo-random function of the pool's key: one key per purpose, none of which tells another. */
  function derive({ root, derived }: PoolKey, purpose: string): KeyObject {
    const known = derived.get(purpose);
    if (known) return known;
    const key = createSecretKey(hmacSha256(root, `pool/v1|${service}|${purpose}`));
    derived.set(purpose, key);
    return key;
  }

  return {
    use: async (poolId, purpose) => derive(await loadOrMake(poolId), purpose),
    async find(poolId, purpose) {
      const key = await load(poolId);
      return key ? derive(key, purpose) : undefined;
    },
    async destroy(poolId) {
      await db.repeatable(tombstone, [poolId]);
      known.set(poolId, DESTROYED);
      for (let deleted = 1; deleted > 0;) deleted = (await db.repeatable(people, [poolId])).count;
    },
  };
}
