import type { Claims } from '@rollcall/eventing';
import type { Database } from '@rollcall/platform-postgres';

/** Lookup of claims; `append` takes and releases them. A pending claim resolves nobody. */
export function postgresClaims({ db, service }: { readonly db: Database; readonly service: string }): Claims {
  const select = `select kind, owner from ${service}.claim where namespace = $1 and value_hash = $2 and state = 'confirmed'`;
  return {
    find: async ({ namespace, valueHash }) => (await db.repeatable<{ kind: string; owner: string }>(select, [namespace, valueHash])).rows[0],
  };
}
