/**
 * Access tokens live a day at most, and one may have been given out in the last second of its family: until then the
 * family must be there to be asked.
 */
const KEPT_AFTER_EXPIRY_MILLIS = 25 * 60 * 60 * 1000;

const now = `token.now_millis()`;
const familyColumns = `f.family, f.pool_id as "poolId", f.client_id as "clientId", f.sub, f.scopes, f.amr, f.auth_time as "authTime",
  f.device_key as "deviceKey", f.parent_session as "parentSession", f.generation, f.expires_at <= ${now} as expired, f.revoked_for as "revokedFor"`;
const revocationColumns = 'family, pool_id as "poolId", client_id as "clientId", sub, reason, at, cause';
const tokenColumns = 'hash, family, issued_at, correlation_id, operation, caller_kind, caller_id';
const isAlive = `f.revoked_at is null and f.expires_at > ${now}`;

/** Apart, so that each is found by an index of its own. */
const purgedWith = {
  pool: 'f.pool_id = p.pool_id',
  client: 'f.pool_id = p.pool_id and f.client_id = p.id',
  user: 'f.pool_id = p.pool_id and f.sub = p.id',
};

/** What the decision table of refresh families is asked. One statement each, so that nothing is checked first and done later. */
export const familyStatements = {
  // A family of this id that another transaction is just committing is not seen: it was born now, too.
  begin: `with born as (
      insert into token.refresh_family as f (family, pool_id, client_id, sub, scopes, amr, auth_time, device_key, parent_session, generation, born_at, expires_at)
      select $1::uuid, $2, $3, $4, $5::text[], $6::text[], $7::bigint, $8, $9, $10::bigint, n.now, n.now + $11::bigint from (select ${now} as now) n
      on conflict (family) do nothing returning f.family, f.born_at
    ), first as (
      insert into token.refresh_token (${tokenColumns}) select $12::bytea, family, born_at, $13, $14, $15, $16 from born
    )
    select exists (select from born) as born,
      coalesce((select ${now} - f.born_at from token.refresh_family f where f.family = $1), 0) as "ageMillis"`,

  find: `select ${familyColumns} from token.refresh_family f where f.family = $1`,

  present: `select ${familyColumns}, ${now} - t.rotated_at as "rotatedMillisAgo", ${now} - s.issued_at as "repeatedMillisAgo",
      f.revoked_by is not null and f.revoked_by = $2 as "revokedByThisRequest"
    from token.refresh_token t
    join token.refresh_family f on f.family = t.family
    left join token.refresh_token s on s.hash = $2 and s.family = t.family
    where t.hash = $1`,

  rotate: `with rotated as (
      update token.refresh_token t set rotated_at = ${now}
      from token.refresh_family f
      where t.hash = $1 and t.rotated_at is null and f.family = t.family and ${isAlive}
      returning t.family, t.rotated_at
    )
    insert into token.refresh_token (${tokenColumns}) select $2::bytea, family, rotated_at, $3, $4, $5, $6 from rotated`,

  addSibling: `insert into token.refresh_token (${tokenColumns})
    select $2::bytea, t.family, ${now}, $4, $5, $6, $7
    from token.refresh_token t join token.refresh_family f on f.family = t.family
    where t.hash = $1 and t.rotated_at > ${now} - $3::bigint and ${isAlive}
    on conflict (hash) do nothing`,

  revoke: `with revoked as (
      update token.refresh_family set revoked_at = ${now}, revoked_for = $2, revoked_by = $3
      where family = $1 and revoked_at is null
      returning family, pool_id, client_id, sub, revoked_for, revoked_at
    )
    insert into token.untold_revocation (family, pool_id, client_id, sub, reason, at, cause)
    select family, pool_id, client_id, sub, revoked_for, revoked_at, $4::json from revoked
    returning ${revocationColumns}`,
  untold: `select ${revocationColumns} from token.untold_revocation where at <= ${now} - $1::bigint
    and (at, family) > ($3::bigint, $4::uuid) order by at, family limit $2`,
  told: `delete from token.untold_revocation where family = $1`,

  purgeLater: `insert into token.family_purge (scope, pool_id, id) values ($1, $2, $3) on conflict do nothing`,
  purge: Object.entries(purgedWith).map(([scope, condition]) => `delete from token.refresh_family where family in (
    select f.family from token.family_purge p join token.refresh_family f on ${condition} where p.scope = '${scope}' limit $1 for update of f skip locked)`),
  // What was born by a call that had found the client a moment before it was deleted expires by itself.
  purged: Object.entries(purgedWith).map(([scope, condition]) => `delete from token.family_purge p
    where p.scope = '${scope}' and not exists (select from token.refresh_family f where ${condition})`),
  expire: `delete from token.refresh_family where family in (
    select family from token.refresh_family where expires_at < ${now} - ${KEPT_AFTER_EXPIRY_MILLIS}::bigint order by expires_at limit $1 for update skip locked)`,
};
