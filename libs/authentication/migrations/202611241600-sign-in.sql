-- What decides about guesses and repeats: rows that single statements change. Times are milliseconds of the database's
-- clock; correlation id, operation and caller say which call to look up in the audit trail.

-- Wrong passwords in a row. person: keyed hash of pool and user, or of a name that means nobody.
create table lockout (
  person bytea not null,
  source text not null,
  failed integer not null,
  locked_until bigint not null,
  correlation_id text not null,
  operation text not null,
  caller text not null,
  primary key (person, source)
) with (fillfactor = 70);
create index on lockout (locked_until);

-- Sessions, secret blocks and proofs that are used up; issuing one writes nothing.
create table single_use (
  id text primary key,
  expires_at bigint not null,
  request_mark bytea,
  used_at bigint not null,
  pool_id text not null,
  sub text,
  correlation_id text not null,
  operation text not null,
  caller text not null
);
create index on single_use (expires_at);
create index on single_use (used_at);
