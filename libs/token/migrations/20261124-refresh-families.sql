-- Refresh families and their tokens decide who gets tokens: every change is one conditional statement. Times are the
-- database's, in epoch milliseconds.

create function now_millis() returns bigint language sql as $$ select (extract(epoch from clock_timestamp()) * 1000)::bigint $$;

create table refresh_family (
  family uuid primary key,
  pool_id text collate "C" not null,
  client_id text collate "C" not null,
  sub text collate "C" not null,
  scopes text[] not null,
  amr text[] not null,
  -- Epoch seconds, as in the tokens.
  auth_time bigint not null,
  device_key text,
  parent_session text,
  -- The user's session generation that the sign-in proved, never one read later.
  generation bigint not null,
  born_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  revoked_for text check (revoked_for in ('reuse', 'request')),
  -- Stands for the request whose reuse revoked it, so that its repeat is answered alike.
  revoked_by bytea
);
create index refresh_family_by_user on refresh_family (pool_id, sub);
create index refresh_family_by_client on refresh_family (pool_id, client_id);
create index refresh_family_by_expiry on refresh_family (expires_at);

create table refresh_token (
  -- SHA-256 of the token, which nobody keeps.
  hash bytea primary key,
  family uuid not null references refresh_family on delete cascade,
  issued_at bigint not null,
  rotated_at bigint,
  -- Who caused it, for the audit.
  correlation_id text not null,
  operation text not null,
  caller_kind text not null,
  caller_id text not null
);
create index refresh_token_by_family on refresh_token (family);
create index refresh_token_by_time on refresh_token using brin (issued_at);

-- Revocations of which the log may not know yet: written with the revocation, deleted when its event is there.
create table untold_revocation (
  family uuid primary key,
  pool_id text not null,
  client_id text not null,
  sub text not null,
  reason text not null,
  at bigint not null,
  cause json not null
);

-- Users, clients and pools that are gone and whose families are still to be deleted.
create table family_purge (
  scope text not null check (scope in ('user', 'client', 'pool')),
  pool_id text collate "C" not null,
  -- Of the user or client; empty for a pool.
  id text collate "C" not null,
  primary key (scope, pool_id, id)
);

-- How far the audit has looked at refresh tokens as effects of calls.
create table effect_progress (
  only_row boolean primary key default true check (only_row),
  issued_at bigint not null,
  hash bytea not null
);
insert into effect_progress (issued_at, hash) values (0, '');
