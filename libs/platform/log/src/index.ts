export * from './error-facts.js';
export * from './logger.js';
