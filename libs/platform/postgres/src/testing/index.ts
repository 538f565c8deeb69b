export * from './child.js';
export * from './test-database.js';
