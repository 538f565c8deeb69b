export * from './service-store.js';
