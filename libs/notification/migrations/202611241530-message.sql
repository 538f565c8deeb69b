-- One row a message: its content sealed, gone once it is delivered or its code has expired.
-- The id stays for a day, so that a repeated request is told from a new one.
create table message (
  message_id uuid primary key,
  pool_id text collate "C" not null,
  sub text collate "C",
  channel text not null,
  state text not null check (state in ('queued', 'outbox', 'delivered', 'failed')),
  sealed bytea,
  attempts integer not null default 0,
  -- Epoch milliseconds of the database's clock.
  due_at bigint not null,
  accepted_at bigint not null,
  expires_at bigint not null
);
create index message_due on message (due_at) where state = 'queued';
create index message_outbox on message (accepted_at) where state = 'outbox';
create index message_expires on message (expires_at);
create index message_person on message (pool_id, sub);
