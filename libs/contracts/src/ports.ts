import { AuditService } from './gen/rollcall/audit/v1/audit.js';
import { AuthenticationService } from './gen/rollcall/authentication/v1/authentication.js';
import { DirectoryService } from './gen/rollcall/directory/v1/directory.js';
import { NotificationService } from './gen/rollcall/notification/v1/notification.js';
import { RiskService } from './gen/rollcall/risk/v1/risk.js';
import { TokenService } from './gen/rollcall/token/v1/token.js';
import { TriggerService } from './gen/rollcall/trigger/v1/trigger.js';
import type { Port } from './port.js';

export { AuditService, AuthenticationService, DirectoryService, NotificationService, RiskService, TokenService, TriggerService };

export type AuditPort = Port<typeof AuditService>;
export type AuthenticationPort = Port<typeof AuthenticationService>;
export type DirectoryPort = Port<typeof DirectoryService>;
export type NotificationPort = Port<typeof NotificationService>;
export type RiskPort = Port<typeof RiskService>;
export type TokenPort = Port<typeof TokenService>;
export type TriggerPort = Port<typeof TriggerService>;

/** No hook is set: every trigger answers an empty response. */
export const noTriggers: TriggerPort = { run: async () => ({ responseJson: '{}' }) };

/** Nothing is scored: every sign-in may go on. */
export const noRisk: RiskPort = { assess: async () => ({ action: 'none' }) };
