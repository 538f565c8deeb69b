export { postgresTrail, prepareTrail } from './adapters/postgres-trail.js';
export { auditService, type AuditNeeds } from './application/audit-service.js';
export * from './application/audit-sweep.js';
export * from './application/log-effects.js';
export * from './application/purge.js';
export type { Trail } from './application/trail.js';
export * from './audit.module.js';

/** Migrations of the schema `audit`. */
export const auditMigrations = new URL('../migrations/', import.meta.url);
