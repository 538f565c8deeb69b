export * from './escape-html.js';
export * from './outbox-page.js';
