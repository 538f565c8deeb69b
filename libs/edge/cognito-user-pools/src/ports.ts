import type { AuthenticationPort, DirectoryPort, TokenPort } from '@rollcall/contracts';
import { opOf, type OperationTable } from '@rollcall/edge-aws-json';

import type { Operations } from './gen/operations.js';

/** What the rows of user pools call. */
export interface Ports {
  readonly directory: DirectoryPort;
  readonly authentication: AuthenticationPort;
  readonly token: TokenPort;
  /** Account in the ARNs of answers. */
  readonly accountId: string;
}

export const op = opOf<Operations, Ports>();

/** Rows of one subject. */
export type Rows = Partial<OperationTable<Operations, Ports>>;
