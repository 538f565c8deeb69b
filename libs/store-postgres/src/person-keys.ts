import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

import { KeyDestroyed, type Subject } from '@rollcall/eventing';
import { open, seal } from '@rollcall/platform-crypto';
import type { Database } from '@rollcall/platform-postgres';
import { LRUCache } from 'lru-cache';

import { DESTROYED, KEY_TTL_MILLIS, type PoolKeys } from './pool-keys.js';
import { KEY_BYTES } from './service-keys.js';

export interface PersonKeys {
  /** The person's key, made if there is none yet. @throws {KeyDestroyed} */
  use(subject: Subject): Promise<KeyObject>;
  /** Keys of those whose key still exists. */
  find(subjects: readonly Subject[]): Promise<(subject: Subject) => KeyObject | undefined>;
  /** Costs what `find` costs for one person, known or not known here yet, for a sub that nobody has. */
  pretend(subject: Subject): Promise<void>;
  /** Afterwards nothing sealed for this person can be opened, and nothing more can be sealed. */
  destroy(subject: Subject): Promise<void>;
  /** What this process remembers of a pool's people, when the pool's key is destroyed. */
  forgetPool(poolId: string): void;
}

/** Remembered of somebody who was only pretended to exist; whoever comes to exist under that sub is looked for anew. */
const NOBODY = Symbol('nobody');

/** A random key per person and service, wrapped by the pool's. */
export function personKeys({ db, service, pools }: { readonly db: Database; readonly service: string; readonly pools: PoolKeys }): PersonKeys {
  const select = `select k.pool_id as "poolId", k.sub, k.wrapped
    from unnest($1::text[], $2::text[]) as wanted (pool_id, sub) join ${service}.person_key k on k.pool_id = wanted.pool_id and k.sub = wanted.sub`;
  const insert = `insert into ${service}.person_key (pool_id, sub, wrapped) values ($1, $2, $3) on conflict (pool_id, sub) do nothing`;
  const tombstone = `insert into ${service}.person_key (pool_id, sub, wrapped, destroyed_at) values ($1, $2, null, clock_timestamp())
    on conflict (pool_id, sub) do update set wrapped = null, destroyed_at = coalesce(person_key.destroyed_at, clock_timestamp())`;
  const known = new LRUCache<string, KeyObject | typeof DESTROYED | typeof NOBODY>({ max: 50_000, ttl: KEY_TTL_MILLIS });

  const idOf = ({ poolId, sub }: Subject) => `${poolId}|${sub}`;
  const wrapping = ({ poolId, sub }: Subject) => `person/v1|${service}|${poolId}|${sub}`;

  const stored = async (subjects: readonly Subject[]) =>
    (await db.repeatable<Subject & { wrapped: Buffer | null }>(select, [subjects.map(({ poolId }) => poolId), subjects.map(({ sub }) => sub)])).rows;

  /** `null`: destroyed; absent: never made. */
  async function load(subjects: readonly Subject[]): Promise<Map<string, KeyObject | null>> {
    const keys = new Map<string, KeyObject | null>();
    const missing = new Map<string, Subject>();
    for (const subject of subjects) {
      const cached = known.get(idOf(subject));
      if (cached && cached !== NOBODY) keys.set(idOf(subject), cached === DESTROYED ? null : cached);
      else missing.set(idOf(subject), subject);
    }
    if (missing.size === 0) return keys;
    const wanted = [...missing.values()];
    const rows = await stored(wanted);
    for (const { wrapped, ...subject } of rows) {
      const pool = wrapped && (await pools.find(subject.poolId, 'people'));
      // It may have been destroyed here while the answer was on its way.
      const key = wrapped && pool && known.get(idOf(subject)) !== DESTROYED ? createSecretKey(open(pool, wrapped, wrapping(subject))) : null;
      keys.set(idOf(subject), key);
      if (key) known.set(idOf(subject), key);
    }
    return keys;
  }

  async function use(subject: Subject): Promise<KeyObject> {
    const pool = await pools.use(subject.poolId, 'people');
    const key = (await load([subject])).get(idOf(subject));
    if (key === null) throw new KeyDestroyed('the key of the person is destroyed');
    if (key) return key;
    await db.repeatable(insert, [subject.poolId, subject.sub, seal(pool, randomBytes(KEY_BYTES), wrapping(subject))]);
    return use(subject);
  }

  return {
    use,
    async find(subjects) {
      const keys = await load(subjects);
      return (subject) => keys.get(idOf(subject)) ?? undefined;
    },
    async pretend(subject) {
      if (known.get(idOf(subject))) return;
      await stored([subject]);
      known.set(idOf(subject), NOBODY);
    },
    async destroy(subject) {
      await db.repeatable(tombstone, [subject.poolId, subject.sub]);
      known.set(idOf(subject), DESTROYED);
    },
    forgetPool(poolId) {
      for (const id of [...known.keys()]) if (id.startsWith(`${poolId}|`)) known.set(id, DESTROYED);
    },
  };
}
