-- Codes and the messages that carry them: what was asked for, never the codes themselves, which are derived from it. No
-- row holds a name or an address.

create table code_request (
  pool_id text not null,
  sub text not null,
  purpose text not null,
  request_id text not null,
  expires_at bigint not null,
  tries integer not null default 0,
  used_at bigint,
  used_by bytea,
  made_at bigint not null,
  correlation_id text not null,
  operation text not null,
  caller text not null,
  primary key (pool_id, sub, purpose)
) with (fillfactor = 80);
create index on code_request (expires_at);
create index on code_request (made_at);

-- What a person may do so often in an hour. person: as in lockout.
create table budget (
  person bytea not null,
  what text not null,
  started_at bigint not null,
  spent integer not null,
  last_mark bytea,
  primary key (person, what)
) with (fillfactor = 80);
create index on budget (started_at);

-- Messages to be sent; gone when they are handed over. held: what they tell of has yet to happen.
create table sending (
  message_id text primary key,
  pool_id text not null,
  sub text not null,
  kind text not null,
  client_id text,
  request_id text,
  credential_id text,
  mediums text[] not null,
  held boolean not null,
  due_at bigint not null,
  attempts integer not null default 0,
  expires_at bigint not null,
  correlation_id text not null,
  operation text not null,
  caller text not null
) with (fillfactor = 80);
create index on sending (due_at);
create index on sending (pool_id, sub);

-- Rows of the vault whose password has yet to be looked after: is it valid, and which older ones may go?
create table credential_review (
  pool_id text not null,
  sub text not null,
  credential_id text not null,
  made_at bigint not null,
  primary key (pool_id, sub, credential_id)
);
create index on credential_review (made_at);
