export type { Settings } from './settings-schema.js';
export * from './settings.js';
