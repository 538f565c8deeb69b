-- The log of one service and what belongs to it. Access is through append() and the statements of this library alone,
-- so that the layout can change later.

-- Added to transaction ids: a restored log carries higher ids than its new cluster will give out for a long time, and
-- would be invisible to its readers, with all new events sorting before it. Only adopt_restored_log() changes it.
create table xid_base (
  base bigint not null,
  only_row boolean primary key default true check (only_row)
);
insert into xid_base (base) values (0);

create table stream (
  stream text collate "C" primary key,
  revision bigint not null,
  -- Of the transaction that appended last. No later event of the stream may be of an earlier one: readers go in the order
  -- of (txid, seq), and would see the two the wrong way round.
  txid bigint not null,
  -- Of the last event: what the next one links to.
  mac bytea not null
) with (fillfactor = 80);

-- A sequence as default, not an identity column: those need PostgreSQL 17 on partitioned tables.
create sequence event_seq;

create table event (
  stream text collate "C" not null,
  revision bigint not null,
  txid bigint not null,
  seq bigint not null default nextval('{schema}.event_seq'),
  event_id uuid not null,
  type text not null,
  version integer not null,
  -- json, not jsonb: the bytes stay as they were, for the mac is over them.
  data json not null,
  meta json not null,
  -- Sealed under the key of the subject; null without a personal part.
  personal bytea,
  subject_pool text,
  subject_sub text,
  recorded_at bigint not null default (extract(epoch from clock_timestamp()) * 1000)::bigint,
  mac_key smallint not null,
  prev_mac bytea,
  mac bytea not null,
  primary key (stream, revision),
  unique (txid, seq)
);

create table claim (
  namespace text collate "C" not null,
  value_hash text collate "C" not null,
  kind text not null,
  owner text not null,
  claim_id text not null,
  state text not null check (state in ('pending', 'confirmed')),
  expires_at timestamptz,
  primary key (namespace, value_hash)
);

-- Appends events and changes claims, or does nothing at all. Answers one of
--   appended         also if exactly these events stand there already
--   wrong-revision   the stream is at at_revision
--   retry            this transaction is older than the stream's last: try again in a new one
--   stale-link       previous_mac is not the mac of the stream's last event
-- and raises RC001 (its constraint names the kind) if a claim belongs to another owner.
create function append(
  p_stream text, p_expected bigint, p_ids uuid[], p_types text[], p_versions integer[], p_data text[], p_personal bytea[],
  p_pools text[], p_subs text[], p_meta text, p_mac_key smallint, p_previous_mac bytea, p_macs bytea[],
  p_take json, p_release json
) returns table (status text, at_revision bigint, at_txid bigint, at_seq bigint)
language plpgsql
-- A plan made while the tables were tiny would read them whole for as long as its connection lives.
set enable_seqscan = off
as $$
declare
  n constant integer := cardinality(p_ids);
  mine bigint;
  last record;
  changed record;
  holder text;
begin
  select s.revision, s.txid, s.mac into last from {schema}.stream s where s.stream = p_stream;
  if coalesce(last.revision, -1) = p_expected then
    mine := pg_current_xact_id()::text::bigint + (select base from {schema}.xid_base);
    if p_expected = -1 then
      insert into {schema}.stream (stream, revision, txid, mac) values (p_stream, n - 1, mine, p_macs[n]) on conflict do nothing;
    elsif last.mac is distinct from p_previous_mac then
      return query select 'stale-link', last.revision, null::bigint, null::bigint;
      return;
    else
      update {schema}.stream s set revision = p_expected + n, txid = mine, mac = p_macs[n]
       where s.stream = p_stream and s.revision = p_expected and s.txid <= mine and s.mac = p_previous_mac;
    end if;
    if not found then
      select s.revision, s.txid, s.mac into last from {schema}.stream s where s.stream = p_stream;
      if last.revision = p_expected then
        return query select 'retry', last.revision, null::bigint, null::bigint;
        return;
      end if;
    else
      for changed in
        select c.namespace, c."valueHash" as hash, c.owner from json_to_recordset(p_release) as c(namespace text, "valueHash" text, owner text) order by 1, 2
      loop
        delete from {schema}.claim c where c.namespace = changed.namespace and c.value_hash = changed.hash and c.owner = changed.owner;
      end loop;
      for changed in
        select c.namespace, c."valueHash" as hash, c.kind, c.owner, c."claimId" as id
          from json_to_recordset(p_take) as c(namespace text, "valueHash" text, kind text, owner text, "claimId" text) order by 1, 2
      loop
        loop
          insert into {schema}.claim (namespace, value_hash, kind, owner, claim_id, state)
          values (changed.namespace, changed.hash, changed.kind, changed.owner, changed.id, 'confirmed') on conflict do nothing;
          exit when found;
          select c.owner into holder from {schema}.claim c where c.namespace = changed.namespace and c.value_hash = changed.hash;
          exit when holder = changed.owner;
          if holder is not null then
            raise exception using errcode = 'RC001', message = 'claim taken', constraint = changed.kind;
          end if; -- else it was released in between
        end loop;
      end loop;
      for i in 1..n loop
        insert into {schema}.event (stream, revision, txid, event_id, type, version, data, meta, personal, subject_pool, subject_sub, mac_key, prev_mac, mac)
        values (p_stream, p_expected + i, mine, p_ids[i], p_types[i], p_versions[i], p_data[i]::json, p_meta::json, p_personal[i], p_pools[i], p_subs[i],
                p_mac_key, case when i = 1 then p_previous_mac else p_macs[i - 1] end, p_macs[i])
        returning seq into at_seq;
      end loop;
      return query select 'appended', p_expected + n, mine, at_seq;
      return;
    end if;
  end if;

  -- Elsewhere: because these very events were appended before, and the answer was lost?
  return query
    select 'appended', e.revision, e.txid, e.seq from {schema}.event e
     where e.stream = p_stream and e.revision = p_expected + n
       and p_ids = array(select o.event_id from {schema}.event o
                          where o.stream = p_stream and o.revision between p_expected + 1 and p_expected + n order by o.revision);
  if not found then
    return query select 'wrong-revision', coalesce(last.revision, -1), null::bigint, null::bigint;
  end if;
end $$;

-- Events after a place, in commit order, of streams whose names begin with one of the prefixes; others come as their place
-- alone. A transaction that is still open may yet commit events with ids from its own on: they and what follows wait.
create function read_log(p_txid bigint, p_seq bigint, p_limit integer, p_prefixes text[])
returns table (
  txid bigint, seq bigint, stream text, revision bigint, id uuid, type text, version integer, data text, meta text,
  personal bytea, pool text, sub text, "recordedAt" bigint, "macKey" smallint, "previousMac" bytea, mac bytea
)
language plpgsql stable
set enable_seqscan = off
set enable_sort = off
as $$
declare
  horizon constant bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (select base from {schema}.xid_base);
begin
  return query
    select e.txid, e.seq, case when w.wanted then e.stream end, e.revision, e.event_id, e.type, e.version,
           case when w.wanted then e.data::text end, case when w.wanted then e.meta::text end, case when w.wanted then e.personal end,
           e.subject_pool, e.subject_sub, e.recorded_at, e.mac_key, e.prev_mac, e.mac
      from {schema}.event e
     cross join lateral (select exists (select from unnest(p_prefixes) as p (prefix) where starts_with(e.stream, p.prefix)) as wanted offset 0) w
     where (e.txid, e.seq) > (p_txid, p_seq) and e.txid < horizon
     order by e.txid, e.seq
     limit p_limit;
end $$;

-- To be called before a process appends. Raises the base if this log came from another cluster; else it changes nothing,
-- which one snapshot guarantees: every id that is visible in it is below its xmax.
create function adopt_restored_log() returns void
language sql
as $$
  update {schema}.xid_base set base = needed.base
    from (select coalesce(max(e.txid), 0) - pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1 as base from {schema}.event e) needed
   where needed.base > xid_base.base;
$$;
