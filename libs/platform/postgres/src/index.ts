export type { ConnectionConfig } from './connection.js';
export * from './database.js';
export { DatabaseUnavailable, isUniqueViolation, SqlError } from './database-errors.js';
export * from './embedded.js';
export * from './listen.js';
export * from './migrate.js';
export * from './open-database.js';
export { NotPermitted } from './os-user.js';
export { plainWords } from './plain-words.js';
