import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';

import { migrate } from '../src/index.js';
import { testDatabase, type TestDatabase } from '../src/testing/index.js';

let test: TestDatabase;
let folder: string;

beforeAll(async () => { test = await testDatabase(); }, 60_000);
afterAll(() => test.close());
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'rollcall-migrations-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const source = () => ({ label: 'own', folder: pathToFileURL(`${folder}/`) });
const file = (name: string, sql: string) => writeFileSync(join(folder, name), sql);

describe('migrations', () => {
  it('are applied once each, in the order of their names, in the schema of their service', async () => {
    file('20260102-row.sql', 'insert into pool values (7);');
    file('20260101-pool.sql', 'create table pool (n int); create function {schema}.pools() returns bigint language sql as $$ select count(*) from {schema}.pool $$;');
    expect(await migrate(test.db, 'directory', [source()])).toEqual(['own/20260101-pool.sql', 'own/20260102-row.sql']);
    expect(await migrate(test.db, 'directory', [source()])).toEqual([]);
    file('20260103-another.sql', 'insert into pool values (8);');
    expect(await migrate(test.db, 'directory', [source()])).toEqual(['own/20260103-another.sql']);
    expect((await test.db.query('select directory.pools() as n')).rows).toEqual([{ n: 2 }]);
  });

  it('are applied once each by six that start at the same time', async () => {
    file('20260101-slow.sql', 'create table started (n int); insert into started select 1 from pg_sleep(0.05);');
    const applied = await Promise.all(Array.from({ length: 6 }, () => migrate(test.another({ connections: 1 }), 'racing', [source()])));
    expect(applied.flat()).toEqual(['own/20260101-slow.sql']);
    expect((await test.db.query('select n from racing.started')).rows).toEqual([{ n: 1 }]);
  });

  it('are refused when a file was edited after it was applied, and nothing else is applied then', async () => {
    file('20260101-a.sql', 'create table a (n int);');
    await migrate(test.db, 'edited', [source()]);
    file('20260101-a.sql', 'create table a (n bigint);');
    file('20260102-b.sql', 'create table b (n int);');
    await expect(migrate(test.db, 'edited', [source()])).rejects.toMatchObject({ name: 'EditedMigration', migration: 'own/20260101-a.sql' });
    expect((await test.db.query(`select to_regclass('edited.b') as b`)).rows).toEqual([{ b: null }]);
  });

  it('leave nothing of a file that fails, and go on from there once it is right', async () => {
    file('20260101-half.sql', 'create table half (n int); select 1 / 0;');
    await expect(migrate(test.db, 'half', [source()])).rejects.toMatchObject({ name: 'SqlError', code: '22012' });
    file('20260101-half.sql', 'create table half (n int);');
    expect(await migrate(test.db, 'half', [source()])).toEqual(['own/20260101-half.sql']);
  });

  it('give the role of the service its schema and no other', async () => {
    file('20260101-t.sql', 'create table t (n int);');
    await migrate(test.db, 'one', [source()]);
    await migrate(test.db, 'other', [source()]);
    await test.db.tx(async (tx) => {
      await tx.script('set local role rollcall_one');
      expect((await tx.queryOnce('insert into one.t values (1)')).count).toBe(1);
    });
    await expect(test.db.tx(async (tx) => {
      await tx.script('set local role rollcall_one');
      await tx.queryOnce('select from other.t');
    })).rejects.toMatchObject({ code: '42501' });
  });

  it('refuse a schema that is no plain name, and a file without a time stamp', async () => {
    await expect(migrate(test.db, 'a"; drop', [])).rejects.toThrow(RangeError);
    file('first.sql', 'select 1;');
    await expect(migrate(test.db, 'named', [source()])).rejects.toThrow('first.sql is not named <timestamp>-<slug>.sql');
  });
});
