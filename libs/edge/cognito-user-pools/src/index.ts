export { facts } from './gen/facts.js';
export type { Operations } from './gen/operations.js';
export type { Ports } from './ports.js';
export { userPoolsService } from './user-pools-service.js';
