export * from './failure.js';
export * from './loopback.js';
