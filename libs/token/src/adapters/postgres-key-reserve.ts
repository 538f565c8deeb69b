import type { ServiceKeys } from '@rollcall/eventing';
import { open, seal } from '@rollcall/platform-crypto';
import type { Database } from '@rollcall/platform-postgres';

import type { KeyPair, KeyReserve } from '../application/key-supply.js';
import type { PublicJwk } from '../domain/signing-key.events.js';

interface Row {
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  readonly sealed: Buffer;
}

/** The reserve as sealed rows, so that a restart costs nothing. */
export function postgresKeyReserve({ db, serviceKeys }: { readonly db: Database; readonly serviceKeys: ServiceKeys }): KeyReserve {
  const take = `delete from token.key_reserve where kid in (
      select kid from token.key_reserve order by made_at limit $1 for update skip locked)
    returning kid, public_jwk as "publicJwk", sealed`;
  const put = `insert into token.key_reserve (kid, public_jwk, sealed) values ($1, $2, $3)`;
  const count = `select count(*) as count from token.key_reserve`;
  const sealingKey = () => serviceKeys.serviceKey('key-reserve');
  const purpose = (kid: string) => `key-reserve/v1|${kid}`;

  return {
    async take(wanted) {
      const key = await sealingKey();
      const { rows } = await db.query<Row>(take, [wanted]);
      return rows.map(({ kid, publicJwk, sealed }): KeyPair => ({ publicJwk, privateDer: open(key, sealed, purpose(kid)) }));
    },
    async put({ publicJwk, privateDer }) {
      await db.query(put, [publicJwk.kid, JSON.stringify(publicJwk), seal(await sealingKey(), privateDer, purpose(publicJwk.kid))]);
    },
    count: async () => (await db.repeatable<{ count: number }>(count)).rows[0]?.count ?? 0,
  };
}
