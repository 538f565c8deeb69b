-- Deleted pools, remembered for ever: what a call made in one that had looked before its deletion is found by it.
create table pool_purge (
  pool_id text collate "C" primary key,
  -- The call that deleted the pool.
  correlation_id text not null,
  operation text not null,
  -- Something may be left.
  due boolean not null default true,
  -- Grows with each time that is said.
  wish bigint not null default 0,
  -- One worker at a time; after this another may begin.
  held_until timestamptz not null default '-infinity'
);
create index pool_purge_due on pool_purge (held_until) where due;
