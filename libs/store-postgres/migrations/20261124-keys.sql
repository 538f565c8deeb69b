-- Keys, wrapped under a key that does not lie in the database. A destroyed one leaves its row without the key, so that
-- nobody makes a new one for the same person by mistake.

create table service_key (
  name text primary key,
  wrapped bytea not null,
  made_at timestamptz not null default clock_timestamp()
);

create table pool_key (
  pool_id text primary key,
  wrapped bytea,
  made_at timestamptz not null default clock_timestamp(),
  destroyed_at timestamptz
);

create table person_key (
  pool_id text collate "C" not null,
  sub text collate "C" not null,
  wrapped bytea,
  made_at timestamptz not null default clock_timestamp(),
  destroyed_at timestamptz,
  primary key (pool_id, sub)
);

create table vault (
  pool_id text collate "C" not null,
  owner text collate "C" not null,
  id text collate "C" not null,
  kind text not null,
  sealed bytea not null,
  made_at bigint not null default (extract(epoch from clock_timestamp()) * 1000)::bigint,
  primary key (pool_id, owner, id)
);
