export { postgresMessages } from './adapters/postgres-messages.js';
export { smsWebhook, webhookSignature } from './adapters/sms-webhook.js';
export { smtpTransport } from './adapters/smtp.js';
export { deliveryWorker } from './application/delivery-worker.js';
export type { Messages, Transport, Transports } from './application/messages.js';
export { notificationService, type NotificationNeeds } from './application/notification-service.js';
export * from './application/purge.js';
export * from './notification.module.js';

/** Migrations of the schema `notification`. */
export const notificationMigrations = new URL('../migrations/', import.meta.url);
