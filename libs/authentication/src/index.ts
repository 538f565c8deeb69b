export { authenticationService } from './application/authentication-service.js';
export type { AuthenticationNeeds } from './application/needs.js';
export * from './authentication.module.js';

/** Migrations of the schema `authentication`. */
export const authenticationMigrations = new URL('../migrations/', import.meta.url);
