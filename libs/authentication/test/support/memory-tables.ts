import type { Clock } from '@rollcall/kernel';
import { millisOf } from '@rollcall/kernel';

import type { Lockouts } from '../../src/application/lockouts.js';
import type { SingleUse } from '../../src/application/single-use.js';
import { FORGET_MILLIS, lockMillis } from '../../src/domain/lockout.js';

/** Every method counts as one statement, and takes a moment, as a database does. */
export interface Statements {
  count: number;
}
export const statement = async (statements: Statements): Promise<void> => {
  statements.count += 1;
  await new Promise((resolve) => { setImmediate(resolve); });
};

export function memoryLockouts(clock: Clock, statements: Statements): Lockouts {
  const rows = new Map<string, { failed: number; lockedUntil: number }>();
  const keyOf = ({ person, source }: { person: string; source: string }) => `${person} ${source}`;
  const locked = (key: string) => (rows.get(key)?.lockedUntil ?? 0) > clock.now();
  return {
    async isLocked(key) {
      await statement(statements);
      return locked(keyOf(key));
    },
    async countWrong(key) {
      await statement(statements);
      const row = rows.get(keyOf(key));
      if (locked(keyOf(key))) return false;
      const failed = row && row.lockedUntil + FORGET_MILLIS > clock.now() ? row.failed + 1 : 1;
      rows.set(keyOf(key), { failed, lockedUntil: clock.now() + lockMillis(failed) });
      return true;
    },
    async clear(key) {
      await statement(statements);
      if (locked(keyOf(key))) return false;
      rows.delete(keyOf(key));
      return true;
    },
  };
}

export function memorySingleUse(clock: Clock, statements: Statements): SingleUse & { readonly used: () => number } {
  const rows = new Map<string, { mark: string | undefined; at: number; expiresAt: number }>();
  return {
    used: () => rows.size,
    async use(id, expiresAt, mark) {
      await statement(statements);
      const row = rows.get(id);
      if (!row) {
        rows.set(id, { mark, at: clock.now(), expiresAt: millisOf(expiresAt) });
        return true;
      }
      return mark !== undefined && row.mark === mark && clock.now() - row.at < 60_000;
    },
  };
}
