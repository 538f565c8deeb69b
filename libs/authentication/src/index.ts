export { cryptoPasswords } from './adapters/crypto-passwords.js';
export { postgresBudgets } from './adapters/postgres-budgets.js';
export { postgresCodeRequests } from './adapters/postgres-code-requests.js';
export { postgresCredentialReviews } from './adapters/postgres-credential-reviews.js';
export { postgresLockouts } from './adapters/postgres-lockouts.js';
export { postgresSendings } from './adapters/postgres-sendings.js';
export { postgresSingleUse } from './adapters/postgres-single-use.js';
export { serviceSealedTexts } from './adapters/service-sealed-texts.js';
export { authenticationService } from './application/authentication-service.js';
export { messageSender, type SenderNeeds } from './application/message-sender.js';
export type { AuthenticationNeeds } from './application/needs.js';
export { FORGET_MILLIS, lockLadder } from './domain/lockout.js';

/** Migrations of the schema `authentication`. */
export const authenticationMigrations = { label: 'authentication', folder: new URL('../migrations/', import.meta.url) };
