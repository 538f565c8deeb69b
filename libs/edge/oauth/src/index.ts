export * from './access-token.js';
export * from './discovery.js';
export * from './pool-documents.js';
