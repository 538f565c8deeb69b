import type { Sealing } from '@rollcall/eventing';
import { open, seal } from '@rollcall/platform-crypto';

import type { PersonKeys } from './person-keys.js';
import type { PoolKeys } from './pool-keys.js';

/** Sealing outside events: under the person's key, or the pool's where nobody is known. */
export function sealing({ service, pools, people }: { readonly service: string; readonly pools: PoolKeys; readonly people: PersonKeys }): Sealing {
  const aad = (purpose: string, poolId: string, sub: string | undefined) => `sealed/v1|${service}|${poolId}|${sub ?? ''}|${purpose}`;
  return {
    async sealFor({ poolId, sub }, purpose, plain) {
      const key = sub === undefined ? await pools.use(poolId, 'sealing') : await people.use({ poolId, sub });
      return seal(key, plain, aad(purpose, poolId, sub));
    },
    async openFor({ poolId, sub }, purpose, sealed) {
      const key = sub === undefined ? await pools.find(poolId, 'sealing') : (await people.find([{ poolId, sub }]))({ poolId, sub });
      return key && open(key, sealed, aad(purpose, poolId, sub));
    },
    pretend: people.pretend,
  };
}
