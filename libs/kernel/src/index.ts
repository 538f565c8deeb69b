export * from './brand.js';
export * from './decision.js';
export * from './domain-error.js';
export * from './event.js';
export * from './ids.js';
export * from './json.js';
export * from './time.js';
export * from './unreachable.js';
