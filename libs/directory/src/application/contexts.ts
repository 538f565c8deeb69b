import { poolSettings, refusal, type PoolSettings, type wire } from '@rollcall/contracts';
import { load } from '@rollcall/eventing';
import { clientId as checkedClientId, DomainError, poolId as checkedPoolId, type ClientId, type PoolId } from '@rollcall/kernel';

import { clientStream, poolStream } from '../domain/streams.js';
import { clients, pools } from './aggregates.js';
import { CLIENT_IDS } from './claim-hashes.js';
import { clientMessage, poolMessage } from './messages.js';
import { keptFor } from './kept.js';
import type { Needs } from './needs.js';
import { secretsOf } from './secrets.js';

export interface PoolContext {
  readonly poolId: PoolId;
  readonly pool: wire.directory.Pool;
  readonly settings: PoolSettings;
}

export interface ClientContext extends PoolContext {
  readonly client: wire.directory.Client;
}

/** Pools and clients as everybody else resolves them, at most a second old; the process that changes one drops it at once. */
export interface Contexts {
  /** @throws {DomainError} `PoolNotFound`, for a deleted pool too */
  pool(poolId: string): Promise<PoolContext>;
  /** Whatever pool it belongs to. @throws {DomainError} `ClientNotFound`, for a client of a deleted pool too */
  client(clientId: string): Promise<ClientContext>;
  dropPool(poolId: string): void;
  dropClient(clientId: string): void;
}

const KEPT_MILLIS = 1_000;

export function contexts(needs: Needs): Contexts {
  const keptPools = keptFor<PoolContext>(KEPT_MILLIS, needs.clock);
  const keptClients = keptFor<{ readonly poolId: string; readonly client: wire.directory.Client }>(KEPT_MILLIS, needs.clock);

  const pool = (poolId: string) => keptPools.get(poolId, () => fetchPool(needs, poolId));

  return {
    pool,
    async client(clientId) {
      const kept = await keptClients.get(clientId, () => fetchClient(needs, clientId));
      try {
        return { ...await pool(kept.poolId), client: kept.client };
      } catch (error) {
        if (error instanceof DomainError && error.code === 'PoolNotFound') throw refusal('ClientNotFound', { clientId });
        throw error;
      }
    },
    dropPool: keptPools.drop,
    dropClient: keptClients.drop,
  };
}

async function fetchPool({ store }: Needs, id: string): Promise<PoolContext> {
  const poolId = asPoolId(id);
  const { state, revision } = await load(store, pools, poolStream(poolId));
  if (state.is !== 'live') throw refusal('PoolNotFound', { poolId: id });
  return { poolId, pool: poolMessage(poolId, state, revision), settings: poolSettings(state.settingsJson) };
}

async function fetchClient(needs: Needs, id: string) {
  const clientId = asClientId(id);
  const hash = await needs.hashes.ready();
  const claim = await needs.claims.find(hash(CLIENT_IDS, clientId));
  if (!claim) throw refusal('ClientNotFound', { clientId: id });
  return { poolId: claim.owner, client: await readClient(needs, asPoolId(claim.owner), clientId) };
}

/** A client as its stream and the vault have it now. @throws {DomainError} `ClientNotFound`, also if it is of another pool */
export async function readClient(needs: Needs, poolId: PoolId, clientId: ClientId): Promise<wire.directory.Client> {
  const { state, revision } = await load(needs.store, clients, clientStream(poolId, clientId));
  if (state.is !== 'live') throw refusal('ClientNotFound', { clientId });
  return clientMessage(poolId, clientId, state, revision, await secretsOf(needs.vault, poolId, clientId, state.secretIds));
}

/** An id that cannot be one names nothing: callers need not tell the two cases apart. */
export function asPoolId(id: string): PoolId {
  try {
    return checkedPoolId(id);
  } catch {
    throw refusal('PoolNotFound', { poolId: id });
  }
}

export function asClientId(id: string): ClientId {
  try {
    return checkedClientId(id);
  } catch {
    throw refusal('ClientNotFound', { clientId: id });
  }
}
