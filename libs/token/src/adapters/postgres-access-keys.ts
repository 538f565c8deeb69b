import type { ServiceKeys } from '@rollcall/eventing';
import { open, seal } from '@rollcall/platform-crypto';
import type { Database } from '@rollcall/platform-postgres';

import type { AccessKeys } from '../application/access-keys.js';

interface Row {
  readonly accessKeyId: string;
  readonly sealed: Buffer;
}

export function postgresAccessKeys({ db, serviceKeys }: { readonly db: Database; readonly serviceKeys: ServiceKeys }): AccessKeys {
  const columns = 'access_key_id as "accessKeyId", sealed_secret as sealed';
  const find = `select ${columns} from token.access_key where access_key_id = $1`;
  const findFirst = `select ${columns} from token.access_key where bootstrap`;
  const bootstrap = `insert into token.access_key as a (access_key_id, sealed_secret, bootstrap, origin) values ($1, $2, true, $3)
    on conflict (bootstrap) where bootstrap do update
      set access_key_id = excluded.access_key_id, sealed_secret = excluded.sealed_secret, origin = excluded.origin, made_at = clock_timestamp()
      where a.origin = 'settings' or excluded.origin = 'settings'`;
  const sealingKey = () => serviceKeys.serviceKey('access-keys');
  const purpose = (accessKeyId: string) => `access-key/v1|${accessKeyId}`;
  const secretOf = async ({ accessKeyId, sealed }: Row) => open(await sealingKey(), sealed, purpose(accessKeyId)).toString('utf8');

  return {
    async secretOf(accessKeyId) {
      const { rows: [row] } = await db.repeatable<Row>(find, [accessKeyId]);
      return row && secretOf(row);
    },
    async bootstrap({ accessKeyId, secretAccessKey }, origin) {
      const sealed = seal(await sealingKey(), Buffer.from(secretAccessKey, 'utf8'), purpose(accessKeyId));
      await db.repeatable(bootstrap, [accessKeyId, sealed, origin]);
      const { rows: [row] } = await db.repeatable<Row>(findFirst);
      if (!row) throw new Error('the first administrator has no access key'); // only this statement writes the row, and nothing deletes it
      return { accessKeyId: row.accessKeyId, secretAccessKey: await secretOf(row) };
    },
  };
}
