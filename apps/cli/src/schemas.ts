import { auditMigrations } from '@rollcall/audit';
import { authenticationMigrations } from '@rollcall/authentication';
import { directoryMigrations } from '@rollcall/directory';
import { notificationMigrations } from '@rollcall/notification';
import { tokenMigrations } from '@rollcall/token';

/** Every service's schema and the folder of its own migrations. */
export const schemas: readonly (readonly [service: string, migrations: URL])[] = [
  ['audit', auditMigrations],
  ['notification', notificationMigrations],
  ['directory', directoryMigrations],
  ['token', tokenMigrations],
  ['authentication', authenticationMigrations],
];
