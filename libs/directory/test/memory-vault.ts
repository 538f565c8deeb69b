import type { Vault } from '@rollcall/eventing';
import type { EpochMillis } from '@rollcall/kernel';

export interface VaultRow {
  readonly poolId: string;
  readonly owner: string;
  readonly id: string;
  readonly kind: string;
  readonly secret: Buffer;
  readonly madeAt: EpochMillis;
}

/** The vault of unit tests; `rows` shows what lies in it. */
export function memoryVault(now: () => EpochMillis): Vault & { rows(): readonly VaultRow[] } {
  let rows: readonly VaultRow[] = [];
  const of = (poolId: string, owner: string) => rows.filter((row) => row.poolId === poolId && row.owner === owner);
  return {
    async put(entry, secret) {
      if (!of(entry.poolId, entry.owner).some(({ id }) => id === entry.id)) rows = [...rows, { ...entry, secret: Buffer.from(secret), madeAt: now() }];
    },
    get: async ({ poolId, owner, id }) => of(poolId, owner).find((row) => row.id === id)?.secret,
    list: async (poolId, owner) => of(poolId, owner).toReversed(),
    async delete({ poolId, owner, id }) {
      rows = rows.filter((row) => !(row.poolId === poolId && row.owner === owner && row.id === id));
    },
    async deleteOwner(poolId, owner) {
      rows = rows.filter((row) => !(row.poolId === poolId && row.owner === owner));
    },
    async deletePool(poolId) {
      rows = rows.filter((row) => row.poolId !== poolId);
    },
    rows: () => rows,
  };
}
