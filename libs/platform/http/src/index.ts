export * from './http-server.js';
export type { Readiness, ReadinessCheck } from './readiness.js';
