import type { ClientDeleted, IntegrationEvent, PoolCreated, PoolDeleted, UserDeleted } from '@rollcall/contracts';
import type { IntegrationMap, StoredEvent } from '@rollcall/eventing';

import { idsIn } from '../domain/streams.js';

export type DirectoryEvent = PoolCreated | PoolDeleted | ClientDeleted | UserDeleted;

/** What the other services are told: who and what is there no longer, by ids alone. Everything else stays here. */
export const directoryIntegration: IntegrationMap<DirectoryEvent> = (stored) => {
  const [poolId, id] = idsIn(stored.stream);
  switch (stored.type) {
    case 'directory.pool.created': return told(stored, stored.type, { poolId });
    case 'directory.pool.deleted': return told(stored, stored.type, { poolId });
    case 'directory.client.deleted': return told(stored, stored.type, { poolId, clientId: id });
    case 'directory.user.deleted': return told(stored, stored.type, { poolId, sub: id });
    default: return undefined;
  }
};

const told = <Type extends string, Data extends Readonly<{ poolId: string; sub?: string }>>(
  { id, stream, recordedAt, meta: { correlationId, operation } }: StoredEvent,
  type: Type,
  data: Data,
): IntegrationEvent<Type, Data> => ({
  id,
  type,
  version: 1,
  source: 'directory',
  partition: stream,
  subject: { poolId: data.poolId, ...(data.sub === undefined ? {} : { sub: data.sub }) },
  time: recordedAt,
  correlationId,
  operation,
  data,
});
