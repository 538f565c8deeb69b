import { createHash } from 'node:crypto';

import type { ServiceKeys, Transaction, Transactions, Vault, VaultEntry } from '@rollcall/eventing';
import { epochMillis, type Clock } from '@rollcall/kernel';

import { statement, type Statements } from './memory-tables.js';

export const memoryKeys = (): ServiceKeys => {
  const key = (...parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest();
  return { serviceKey: async (name) => key('service', name), poolKey: async (pool, name) => key('pool', pool, name) };
};

export const memoryTransactions: Pick<Transactions, 'transaction'> = {
  transaction: (work) => work({ transaction: Symbol('memory') } as Transaction),
};

export function memoryVault(clock: Clock, statements: Statements) {
  const rows = new Map<string, VaultEntry & { secret: Buffer; madeAt: number }>();
  const keyOf = ({ poolId, owner, id }: Omit<VaultEntry, 'kind'>) => `${poolId}/${owner}/${id}`;
  const vault: Vault = {
    async put(entry, secret) {
      await statement(statements);
      if (!rows.has(keyOf(entry))) rows.set(keyOf(entry), { ...entry, secret: Buffer.from(secret), madeAt: clock.now() + rows.size / 1_000 });
    },
    async get(entry) {
      await statement(statements);
      const row = rows.get(keyOf(entry));
      return row?.kind === entry.kind ? row.secret : undefined;
    },
    async list(pool, owner) {
      await statement(statements);
      return [...rows.values()].filter((row) => row.poolId === pool && row.owner === owner).sort((a, b) => b.madeAt - a.madeAt)
        .map(({ id, kind, secret, madeAt }) => ({ id, kind, secret, madeAt: epochMillis(madeAt) }));
    },
    delete: async (entry) => void rows.delete(keyOf(entry)),
    async deleteOwner(pool, owner) {
      for (const [key, row] of rows) if (row.poolId === pool && row.owner === owner) rows.delete(key);
    },
    async deletePool(pool) {
      for (const [key, row] of rows) if (row.poolId === pool) rows.delete(key);
    },
  };
  return { vault, rows };
}
