import { auditMigrations, prepareTrail } from '@rollcall/audit';
import { authenticationMigrations } from '@rollcall/authentication';
import { directoryMigrations } from '@rollcall/directory';
import { notificationMigrations } from '@rollcall/notification';
import type { KeyProvider } from '@rollcall/platform-crypto';
import type { Database } from '@rollcall/platform-postgres';
import { endLeases, postgresServiceStore, prepareSchema, type ServiceStore } from '@rollcall/store-postgres';
import { tokenMigrations } from '@rollcall/token';

const migrations = {
  directory: directoryMigrations,
  authentication: authenticationMigrations,
  token: tokenMigrations,
  notification: notificationMigrations,
  audit: auditMigrations,
};

export type ServiceName = keyof typeof migrations;
export type Stores = Readonly<Record<ServiceName, ServiceStore>>;

/** Every service's schema, brought up to date, and what it keeps there. */
export async function openStores(db: Database, provider: KeyProvider, shared: boolean): Promise<Stores> {
  const names = Object.keys(migrations) as ServiceName[];
  await Promise.all(names.map((service) => prepareSchema(db, service, migrations[service])));
  if (!shared) await Promise.all(names.map((service) => endLeases(db, service)));
  await prepareTrail(db);
  return Object.fromEntries(names.map((service) => [service, postgresServiceStore({ db, service, provider, shared })])) as unknown as Stores;
}
