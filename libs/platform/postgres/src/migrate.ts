import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Database, Session } from './database.js';

/** A folder of `<timestamp>-<slug>.sql` files and a label that keeps its names apart from those of other folders. */
export interface MigrationSource {
  readonly label: string;
  /** `new URL('../migrations/', import.meta.url)`: right from `src` and from `dist`. */
  readonly folder: URL;
}

/** A migration that was applied has since been edited. Write a new one instead. */
export class EditedMigration extends Error {
  override readonly name = 'EditedMigration';
  constructor(readonly migration: string) {
    super(`${migration} was edited after it was applied: write a new migration instead`);
  }
}

const SCHEMA = /^[a-z][a-z0-9_]{0,40}$/;
const FILE = /^\d{8,14}-[a-z0-9-]+\.sql$/;

/**
 * Brings a service's schema up to date: creates the schema and the role `rollcall_<schema>` (NOLOGIN; grant it to the
 * login of a service that runs apart), then applies what is missing, each file once and in one transaction, whoever else
 * starts at the same time. In the files `{schema}` stands for the schema's name, which is also the search path.
 *
 * @returns names of the migrations that were applied now
 * @throws {EditedMigration} @throws {SqlError}
 */
export async function migrate(db: Database, schema: string, sources: readonly MigrationSource[]): Promise<readonly string[]> {
  if (!SCHEMA.test(schema)) throw new RangeError(`${schema} is no name for a schema`);
  const files = sources.flatMap(filesOf);
  return db.session(async (session) => {
    // Held until the session ends, over all transactions.
    await session.query('select pg_advisory_lock(hashtextextended($1, 0))', [`rollcall.migrate.${schema}`]);
    const applied = await appliedIn(session, schema);
    const missing = files.filter(({ name, checksum }) => {
      const before = applied.get(name);
      if (before !== undefined && before !== checksum) throw new EditedMigration(name);
      return before === undefined;
    });
    for (const { name, checksum, sql } of missing) {
      await session.tx(async (tx) => {
        await tx.script(`set local search_path = "${schema}"; ${sql.replaceAll('{schema}', schema)}`);
        await tx.queryOnce(`insert into "${schema}".migration (name, checksum) values ($1, $2)`, [name, checksum]);
      });
    }
    return missing.map(({ name }) => name);
  });
}

function filesOf({ label, folder }: MigrationSource) {
  const path = fileURLToPath(folder);
  return readdirSync(path).filter((file) => file.endsWith('.sql')).sort().map((file) => {
    if (!FILE.test(file)) throw new RangeError(`${file} is not named <timestamp>-<slug>.sql`);
    const sql = readFileSync(`${path}/${file}`, 'utf8');
    return { name: `${label}/${file}`, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

async function appliedIn(session: Session, schema: string): Promise<ReadonlyMap<string, string>> {
  const { rows: [table] } = await session.queryOnce<{ present: boolean }>('select to_regclass($1) is not null as present', [`${schema}.migration`]);
  if (!table?.present) await session.tx((tx) => tx.script(prepareSchema(schema)));
  const { rows } = await session.queryOnce<{ name: string; checksum: string }>(`select name, checksum from "${schema}".migration`);
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

/** Roles belong to the whole cluster: another database's starter may be quicker, and a managed server may forbid them. */
const prepareSchema = (schema: string): string => `
  create schema if not exists "${schema}";
  create table "${schema}".migration (name text primary key, checksum text not null, applied_at timestamptz not null default clock_timestamp());
  do $$
  begin
    if not exists (select from pg_roles where rolname = 'rollcall_${schema}') then
      begin
        create role "rollcall_${schema}" nologin;
      exception when duplicate_object or unique_violation or insufficient_privilege then null;
      end;
    end if;
    if exists (select from pg_roles where rolname = 'rollcall_${schema}') then
      grant usage, create on schema "${schema}" to "rollcall_${schema}";
      alter default privileges in schema "${schema}" grant all on tables to "rollcall_${schema}";
      alter default privileges in schema "${schema}" grant all on sequences to "rollcall_${schema}";
      grant all on "${schema}".migration to "rollcall_${schema}";
    end if;
  end $$;`;
