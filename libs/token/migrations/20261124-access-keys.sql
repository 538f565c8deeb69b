-- Access keys of administrators. Secrets are sealed under a key of the service, as they belong to no pool.
create table access_key (
  access_key_id text collate "C" primary key,
  sealed_secret bytea not null,
  -- The installation's first administrator's key, of which there is one.
  bootstrap boolean not null,
  origin text not null check (origin in ('settings', 'generated')),
  made_at timestamptz not null default clock_timestamp()
);
create unique index access_key_bootstrap on access_key (bootstrap) where bootstrap;
