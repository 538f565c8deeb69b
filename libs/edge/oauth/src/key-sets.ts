import type { KeyObject } from 'node:crypto';

import type { CallContext, TokenPort } from '@rollcall/contracts';
import type { Clock } from '@rollcall/kernel';
import { rsaPublicKey, type RsaPublicJwk } from '@rollcall/platform-crypto';
import { LRUCache } from 'lru-cache';

export interface KeySetsNeeds {
  readonly token: Pick<TokenPort, 'publicKeys'>;
  readonly clock: Clock;
}

/** Public keys of pools, kept for a minute. A key withdrawn meanwhile is refused by `TokenPort.check`, not here. */
export interface KeySets {
  /** @throws {DomainError} `PoolNotFound` */
  find(poolId: string, kid: string, call: CallContext): Promise<KeyObject | undefined>;
}

interface KeptSet {
  readonly keys: Promise<ReadonlyMap<string, KeyObject>>;
  readonly fetchedAt: number;
}

const KEPT_MILLIS = 60_000;
/** An unknown kid may be of a new key, or invented: it makes us look again this often at most. */
const AGAIN_MILLIS = 5_000;
const MOST_POOLS = 10_000;

export function keySets({ token, clock }: KeySetsNeeds): KeySets {
  const kept = new LRUCache<string, KeptSet>({ max: MOST_POOLS });

  const fetchSet = (poolId: string, call: CallContext): KeptSet => {
    const set: KeptSet = { keys: token.publicKeys({ poolId }, call).then(({ jwksJson }) => keysOf(jwksJson)), fetchedAt: clock.now() };
    kept.set(poolId, set);
    set.keys.catch(() => { if (kept.peek(poolId) === set) kept.delete(poolId); });
    return set;
  };
  /** What is kept, if it is younger than that; else fetched, once for all who ask meanwhile. */
  const setOf = (poolId: string, youngerThanMillis: number, call: CallContext): KeptSet => {
    const set = kept.get(poolId);
    return set && clock.now() - set.fetchedAt < youngerThanMillis ? set : fetchSet(poolId, call);
  };

  return {
    async find(poolId, kid, call) {
      const known = (await setOf(poolId, KEPT_MILLIS, call).keys).get(kid);
      return known ?? (await setOf(poolId, AGAIN_MILLIS, call).keys).get(kid);
    },
  };
}

const keysOf = (jwksJson: string): ReadonlyMap<string, KeyObject> =>
  new Map((JSON.parse(jwksJson) as { readonly keys: readonly RsaPublicJwk[] }).keys.map((key) => [key.kid, rsaPublicKey(key)]));
