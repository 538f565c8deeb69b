export { directoryService, type DirectoryNeeds } from './application/directory-service.js';
export { directoryIntegration, type DirectoryEvent } from './application/integration.js';
export * from './directory.module.js';

/** Migrations of the schema `directory`. */
export const directoryMigrations = new URL('../migrations/', import.meta.url);
