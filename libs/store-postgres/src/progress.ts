import type { Consumed, ServingVersions } from '@rollcall/eventing';
import { txOf, type Database } from '@rollcall/platform-postgres';

export function postgresServing({ db, service }: { readonly db: Database; readonly service: string }): ServingVersions {
  const select = `select version from ${service}.serving where name = $1`;
  const raise = `insert into ${service}.serving as s (name, version) values ($1, $2)
    on conflict (name) do update set version = excluded.version where s.version < excluded.version`;
  return {
    serving: async (name) => (await db.repeatable<{ version: number }>(select, [name])).rows[0]?.version,
    switchTo: async (name, version) => void (await db.repeatable(raise, [name, version])),
  };
}

/**
 * An event is remembered for a week, longer than any bus delivers it again. Each that is taken takes a few of the older
 * ones out, so that the table holds what a week brings and needs nobody to look after it.
 */
export function postgresConsumed({ service }: { readonly service: string }): Consumed {
  const take = `with old as (
      delete from ${service}.consumed where ctid = any (array(
        select ctid from ${service}.consumed where at < clock_timestamp() - interval '7 days' and event_id <> $2 order by at limit 5 for update skip locked))
    )
    insert into ${service}.consumed (consumer, event_id) values ($1, $2) on conflict (consumer, event_id) do nothing`;
  return {
    firstTime: async (tx, consumer, eventId) => (await txOf(tx).query(take, [consumer, eventId])).count === 1,
  };
}
