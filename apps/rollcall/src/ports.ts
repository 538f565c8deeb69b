import type { AuditPort, AuthenticationPort, DirectoryPort, NotificationPort, TokenPort } from '@rollcall/contracts';

/** The services' ports, as the edges and the services themselves call them. */
export interface Ports {
  readonly directory: DirectoryPort;
  readonly authentication: AuthenticationPort;
  readonly token: TokenPort;
  readonly notification: NotificationPort;
  readonly audit: AuditPort;
}
