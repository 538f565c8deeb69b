import type { wire } from '@rollcall/contracts';
import type { Revision } from '@rollcall/eventing';

import type { LiveClient } from '../domain/client.js';
import type { LivePool } from '../domain/pool.js';
import type { LiveUser } from '../domain/user.js';

export const poolMessage = (poolId: string, { settingsJson, createdAt, updatedAt }: LivePool, revision: Revision): wire.directory.Pool =>
  ({ poolId, settingsJson, createdAt, updatedAt, revision });

export const clientMessage = (
  poolId: string,
  clientId: string,
  { settingsJson, createdAt, updatedAt }: LiveClient,
  revision: Revision,
  secrets: readonly wire.directory.ClientSecret[],
): wire.directory.Client => ({ clientId, poolId, settingsJson, createdAt, updatedAt, revision, secrets: [...secrets] });

/** Groups have no names yet. */
export const userMessage = (poolId: string, sub: string, user: LiveUser, revision: Revision): wire.directory.User => ({
  poolId,
  sub,
  username: user.username,
  attributes: [...user.attributes].map(([name, value]) => ({ name, value })),
  status: user.status,
  enabled: user.enabled,
  createdAt: user.createdAt,
  updatedAt: user.updatedAt,
  credentialId: user.credentialId,
  temporaryUntil: user.temporaryUntil,
  sessionGeneration: user.sessionGeneration,
  sparedFamily: user.sparedFamily,
  revision,
  groups: [],
});
