export * from './given.js';
export * from './memory-progress.js';
export * from './memory-store.js';
export * from './memory-table.js';
export * from './recording-log.js';
export * from './test-ids.js';
export * from './virtual-time.js';
