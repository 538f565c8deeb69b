/** The messages of the ports, by service, as the generated code declares them. */
export type * as audit from './gen/rollcall/audit/v1/audit.js';
export type * as authentication from './gen/rollcall/authentication/v1/authentication.js';
export type * as common from './gen/rollcall/common/v1/call.js';
export type * as directory from './gen/rollcall/directory/v1/directory.js';
export type * as notification from './gen/rollcall/notification/v1/notification.js';
export type * as risk from './gen/rollcall/risk/v1/risk.js';
export type * as token from './gen/rollcall/token/v1/token.js';
export type * as trigger from './gen/rollcall/trigger/v1/trigger.js';
