import { randomBytes } from 'node:crypto';

import type { KeyProvider } from '@rollcall/platform-crypto';
import type { Database } from '@rollcall/platform-postgres';

export const KEY_BYTES = 32;

/** Random keys of a service, made on first use; of two that make one at the same time, both get the first. */
export function serviceKeys({ db, service, provider }: { readonly db: Database; readonly service: string; readonly provider: KeyProvider }) {
  const make = `insert into ${service}.service_key (name, wrapped) values ($1, $2) on conflict (name) do nothing`;
  const find = `select wrapped from ${service}.service_key where name = $1`;
  const known = new Map<string, Promise<Buffer>>();

  async function load(name: string): Promise<Buffer> {
    const { rows: [present] } = await db.repeatable<{ wrapped: Buffer }>(find, [name]);
    if (present) return provider.unwrap(service, present.wrapped);
    await db.repeatable(make, [name, await provider.wrap(service, randomBytes(KEY_BYTES))]);
    return load(name);
  }

  return (name: string): Promise<Buffer> => {
    let key = known.get(name);
    if (!key) {
      key = load(name);
      known.set(name, key);
      key.catch(() => known.delete(name)); // asked for again, it is tried again
    }
    return key;
  };
}
