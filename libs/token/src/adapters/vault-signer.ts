import type { KeyObject } from 'node:crypto';

import { refusal } from '@rollcall/contracts';
import type { Vault } from '@rollcall/eventing';
import { jwtHeader, rsaPrivateKey, signJwt, type CryptoPort } from '@rollcall/platform-crypto';
import { LRUCache } from 'lru-cache';

import type { Signer } from '../application/signer.js';

export interface VaultSignerNeeds {
  readonly vault: Pick<Vault, 'get'>;
  readonly crypto: Pick<CryptoPort, 'signRs256'>;
  /** Where the vault keeps a pool's private keys; the id is the kid. */
  readonly place: Readonly<{ owner: string; kind: string }>;
}

interface Loaded {
  readonly header: string;
  readonly key: KeyObject;
}

/** 8 KB a key: 80 MB. */
const MOST_KEYS = 10_000;

/** Private keys are opened on first use, 0.5 ms each, and stay in memory while they are used. */
export function vaultSigner({ vault, crypto, place }: VaultSignerNeeds): Signer {
  const loaded = new LRUCache<string, Loaded>({ max: MOST_KEYS });
  const nameOf = (poolId: string, kid: string) => `${poolId}/${kid}`;

  const load = async (poolId: string, kid: string): Promise<Loaded> => {
    const known = loaded.get(nameOf(poolId, kid));
    if (known) return known;
    const der = await vault.get({ poolId, ...place, id: kid });
    // Deleted with its pool: the log names no key that was never in the vault.
    if (!der) throw refusal('PoolNotFound', { poolId });
    const fresh = { header: jwtHeader(kid), key: rsaPrivateKey(der) };
    loaded.set(nameOf(poolId, kid), fresh);
    return fresh;
  };

  return {
    async sign(poolId, kid, claims) {
      const { header, key } = await load(poolId, kid);
      return signJwt(header, claims, (data) => crypto.signRs256(key, data));
    },
    forget(poolId) {
      for (const name of [...loaded.keys()]) if (name.startsWith(`${poolId}/`)) loaded.delete(name);
    },
  };
}
