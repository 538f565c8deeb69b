import { definitionsOf, execute, KeyDestroyed, load, type Caused, type EventStore, type RequestIds, type Vault } from '@rollcall/eventing';
import { refusal } from '@rollcall/contracts';
import { secondsOf, type Clock } from '@rollcall/kernel';
import { LRUCache } from 'lru-cache';

import { signingKeyEvents, keyUses, type KeyUse } from '../domain/signing-key.events.js';
import { signingKeysDecider, signingKeyFor, type SigningKeys } from '../domain/signing-keys.js';
import type { KeyPair, KeySupply } from './key-supply.js';

export interface PoolKeysNeeds {
  readonly store: EventStore;
  readonly ids: RequestIds;
  readonly vault: Pick<Vault, 'put' | 'delete'>;
  readonly clock: Clock;
  readonly supply: Pick<KeySupply, 'take'>;
}

/** The signing keys of pools. */
export interface PoolKeys {
  /** The keys that a pool has, perhaps none. */
  known(poolId: string): Promise<SigningKeys>;
  /** With a key that signs now for each use, made if need be: however many ask at once, one pair comes of it. */
  ensured(poolId: string, call: Caused): Promise<SigningKeys>;
  forget(poolId: string): void;
}

export const keysStream = (poolId: string): string => `token.keys-${poolId}`;
/** Where the vault keeps private keys; a row's id is the kid. */
export const keyPlace = { owner: 'signing-keys', kind: 'rsa-private-key' };

const keys = { decider: signingKeysDecider, definitions: definitionsOf(signingKeyEvents) };

/** A successor is published an hour before it signs, so a set may be this old; a key withdrawn at once is accepted as long. */
const CACHE_MILLIS = 10_000;
const CACHED_POOLS = 10_000;

export function poolKeys({ store, ids, vault, clock, supply }: PoolKeysNeeds): PoolKeys {
  const cache = new LRUCache<string, { readonly keys: SigningKeys; readonly until: number }>({ max: CACHED_POOLS });
  const making = new Map<string, Promise<SigningKeys>>();
  const serve = (of: SigningKeys) => keyUses.every((use) => signingKeyFor(of, use, secondsOf(clock.now())) !== undefined);

  const known = async (poolId: string): Promise<SigningKeys> => {
    const cached = cache.get(poolId);
    const now = clock.now();
    if (cached && now < cached.until) return cached.keys;
    const { state } = await load(store, keys, keysStream(poolId));
    if (state.length > 0) cache.set(poolId, { keys: state, until: now + CACHE_MILLIS });
    return state;
  };

  const make = async (poolId: string, call: Caused): Promise<SigningKeys> => {
    const [forId, forAccess] = await supply.take(keyUses.length) as [KeyPair, KeyPair];
    const fresh: Record<KeyUse, KeyPair> = { id: forId, access: forAccess };
    const pairs = Object.values(fresh);
    // Secrets first, event last: an event never names a key that is not there.
    await Promise.all(pairs.map(({ publicJwk, privateDer }) => vault.put({ poolId, ...keyPlace, id: publicJwk.kid }, privateDer)));
    // Without the request's key: a repeat that runs at the same time would claim the first one's event ids for its own keys.
    const { state } = await execute({ store, ids, now: clock.now }, keys, keysStream(poolId), {
      do: 'ensure',
      now: secondsOf(clock.now()),
      fresh: { id: forId.publicJwk, access: forAccess.publicJwk },
    }, { ...call, requestKey: undefined });
    const lost = pairs.filter(({ publicJwk: { kid } }) => !state.some(({ publicJwk }) => publicJwk.kid === kid));
    await Promise.all(lost.map(({ publicJwk }) => vault.delete({ poolId, owner: keyPlace.owner, id: publicJwk.kid })));
    cache.delete(poolId);
    return known(poolId);
  };

  return {
    known,
    async ensured(poolId, call) {
      const found = await known(poolId);
      if (serve(found)) return found;
      let made = making.get(poolId);
      if (!made) {
        made = make(poolId, call).finally(() => making.delete(poolId));
        making.set(poolId, made);
      }
      try {
        return await made;
      } catch (error) {
        // The pool was deleted since it was looked up: its key went first, so that no secret of it can come again.
        if (error instanceof KeyDestroyed) throw refusal('PoolNotFound', { poolId }, { cause: error });
        throw error;
      }
    },
    forget: (poolId) => { cache.delete(poolId); },
  };
}
