export * from './failure.js';
export * from './loopback.js';
export * from './port-on-demand.js';
