import { txOf, type Database } from '@rollcall/platform-postgres';

import type { CredentialRef, CredentialReviews } from '../application/credential-reviews.js';
import { NOW } from './database-clock.js';

/** A repeated request begins its minute anew: it has yet to name the row that it made before. */
const ADD = `
  insert into authentication.credential_review (pool_id, sub, credential_id, made_at) values ($1, $2, $3, ${NOW})
  on conflict (pool_id, sub, credential_id) do update set made_at = excluded.made_at`;

const DUE = `
  select pool_id as "poolId", sub, credential_id as "credentialId" from authentication.credential_review
  where made_at <= ${NOW} - $1 order by made_at limit $2`;

/** Passwords to look after, as rows beside the vault's. */
export function postgresCredentialReviews({ db }: { readonly db: Database }): CredentialReviews {
  const keyOf = ({ poolId, sub, credentialId }: CredentialRef) => [poolId, sub, credentialId];
  return {
    async add(ref, tx) {
      await txOf(tx).query(ADD, keyOf(ref));
    },
    due: async (afterMillis, limit) => (await db.repeatable<CredentialRef>(DUE, [afterMillis, limit])).rows,
    async again(ref) {
      await db.repeatable(`update authentication.credential_review set made_at = ${NOW} where pool_id = $1 and sub = $2 and credential_id = $3`, keyOf(ref));
    },
    async done(ref) {
      await db.repeatable('delete from authentication.credential_review where pool_id = $1 and sub = $2 and credential_id = $3', keyOf(ref));
    },
  };
}
