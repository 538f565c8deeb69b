import { definitionsOf, type Projection } from '@rollcall/eventing';
import type { EpochSeconds } from '@rollcall/kernel';

import { clientEvents, type ClientEvent } from '../domain/client.events.js';
import { CLIENT_STREAMS, idsIn } from '../domain/streams.js';

export interface ClientRow {
  readonly poolId: string;
  readonly clientId: string;
  readonly settingsJson: string;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
}

export interface ClientTable {
  put(row: ClientRow): Promise<void>;
  delete(poolId: string, clientId: string): Promise<void>;
}

/** Which app clients a pool has. */
export const clientsByPool: Projection<ClientEvent, ClientTable> = {
  name: 'directory_clients_by_pool',
  version: 1,
  kind: 'per-stream',
  prefixes: [CLIENT_STREAMS],
  definitions: definitionsOf(clientEvents),
  on: {
    'directory.client.created': ({ stream, data: { settingsJson, at } }, table) => {
      const [poolId, clientId] = idsIn(stream);
      return table.put({ poolId, clientId, settingsJson, createdAt: at, updatedAt: at });
    },
    'directory.client.deleted': ({ stream }, table) => table.delete(...idsIn(stream)),
  },
};
