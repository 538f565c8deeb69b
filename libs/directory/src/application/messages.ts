import type { wire } from '@rollcall/contracts';
import type { Revision } from '@rollcall/eventing';

import type { LiveClient } from '../domain/client.js';
import type { LivePool } from '../domain/pool.js';

export const poolMessage = (poolId: string, { settingsJson, createdAt, updatedAt }: LivePool, revision: Revision): wire.directory.Pool =>
  ({ poolId, settingsJson, createdAt, updatedAt, revision });

export const clientMessage = (
  poolId: string,
  clientId: string,
  { settingsJson, createdAt, updatedAt }: LiveClient,
  revision: Revision,
  secrets: readonly wire.directory.ClientSecret[],
): wire.directory.Client => ({ clientId, poolId, settingsJson, createdAt, updatedAt, revision, secrets: [...secrets] });
