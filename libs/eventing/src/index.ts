export * from './decode.js';
export * from './event-store.js';
export * from './execute.js';
export * from './in-turn.js';
export * from './store-errors.js';
export * from './projection.js';
export * from './secrets.js';
