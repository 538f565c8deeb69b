-- The audit trail: one row a call, never changed, one table a day (UTC), read in commit order (txid, seq).
create sequence record_seq;
create table record (
  record_id uuid not null,
  -- Epoch milliseconds: when the outcome was known.
  at bigint not null,
  day date not null,
  txid bigint not null,
  seq bigint not null default nextval('{schema}.record_seq'),
  correlation_id text collate "C" not null,
  operation text not null,
  outcome text not null,
  caller_kind text not null,
  caller_id text not null,
  pool_id text collate "C",
  client_id text collate "C",
  sub text collate "C",
  name_hash text,
  event_ids text[] not null,
  sealed bytea,
  sealed_for text not null,
  primary key (day, record_id)
) partition by range (day);
create index record_order on record (txid, seq);
create index record_correlation on record (correlation_id);
create index record_person on record (pool_id, sub, at);
-- Catches a record whose day has no table of its own: a clock far off must not shut the trail.
create table record_other partition of record default;

-- Calls that failed before they named a known operation and a valid pool or client, counted and not recorded.
create table rejected (
  minute timestamptz not null,
  source_hash text not null,
  reason text not null,
  calls bigint not null,
  primary key (minute, source_hash, reason)
);

-- Makes the table of one day, whoever else does the same now.
create function make_day(wanted date) returns void language plpgsql as $$
declare
  name text := 'record_' || to_char(wanted, 'YYYYMMDD');
begin
  if to_regclass('{schema}.' || name) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('{schema}.make_day', 0));
  if to_regclass('{schema}.' || name) is not null then
    return;
  end if;
  execute format('create table {schema}.%I partition of {schema}.record for values from (%L) to (%L)', name, wanted, wanted + 1);
exception when check_violation then
  -- Records of that day lie in the default table already, after a clock was far off: they stay there.
  return;
end $$;

-- One row that is written to learn whether anything can be written.
create table probe_row (one boolean primary key default true check (one), at timestamptz not null);
insert into probe_row (at) values (clock_timestamp());
create function probe() returns void language sql as $$
  update {schema}.probe_row set at = clock_timestamp();
$$;

select make_day((clock_timestamp() at time zone 'UTC')::date + ahead) from generate_series(0, 2) as ahead;

-- As adopt_restored_log(), for this table: to be called before a process records.
create function adopt_restored_trail() returns void language sql as $$
  update {schema}.xid_base set base = needed.base
    from (select coalesce(max(r.txid), 0) - pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1 as base from {schema}.record r) needed
   where needed.base > xid_base.base;
$$;
