export { adminCredentialsFile } from './adapters/admin-credentials-file.js';
export type { FamilyEffect } from './adapters/family-effects.js';
export type { Credentials } from './application/access-keys.js';
export { tokenService, type TokenNeeds } from './application/token-service.js';
export * from './token.module.js';

/** Migrations of the schema `token`. */
export const tokenMigrations = new URL('../migrations/', import.meta.url);

/** Prefixes of the streams that this service writes. */
export const tokenStreams = ['token.keys-', 'token.family-'] as const;
