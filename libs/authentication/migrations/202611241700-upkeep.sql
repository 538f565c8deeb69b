-- How far the audit's sweep has read what calls did to the rows of this service, by table.

alter table lockout add column failed_at bigint not null default 0;
create index on lockout (failed_at);

create table effect_progress (
  source text primary key,
  at bigint not null,
  id text not null
);
insert into effect_progress (source, at, id) values ('single_use', 0, ''), ('code_request', 0, ''), ('lockout', 0, '');
