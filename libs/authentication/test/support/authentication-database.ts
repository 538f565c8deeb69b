import { migrate } from '@rollcall/platform-postgres';
import { testDatabase, type TestDatabase } from '@rollcall/platform-postgres/testing';

import { authenticationMigrations } from '../../src/index.js';

/** A fresh database with this service's own tables. */
export async function authenticationDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  await migrate(database.db, 'authentication', [authenticationMigrations]);
  return database;
}
