-- Signing keys made in advance and assigned to nobody yet: sealed under a key of the service. A row is taken by deleting it.
create table key_reserve (
  kid text collate "C" primary key,
  public_jwk json not null,
  sealed bytea not null,
  made_at timestamptz not null default clock_timestamp()
);
