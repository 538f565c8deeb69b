-- How far the subscriptions of this service have come, and who works on each.
create table checkpoint (
  name text primary key,
  txid bigint,
  seq bigint,
  -- Random, new at each acquisition; null when nobody works on it.
  owner uuid,
  lease_until timestamptz
);

-- Which version of each read model answers queries.
create table serving (
  name text primary key,
  version integer not null
);

-- Events of other services that a consumer has had.
create table consumed (
  consumer text not null,
  event_id text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (consumer, event_id)
);
