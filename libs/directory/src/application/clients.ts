import { clientSettings, refusal, type DirectoryPort, type PoolSettings, type wire } from '@rollcall/contracts';
import { execute, type Caused, type ClaimChange } from '@rollcall/eventing';
import { DomainError, secondsOf, type ClientId, type PoolId } from '@rollcall/kernel';

import { brokenClientRule } from '../domain/client-rules.js';
import { clientIdFrom } from '../domain/short-id.js';
import { clientStream } from '../domain/streams.js';
import { clients } from './aggregates.js';
import { CLIENT_IDS } from './claim-hashes.js';
import { asClientId, readClient, type Contexts } from './contexts.js';
import { clientMessage } from './messages.js';
import { loopOf, type Needs } from './needs.js';
import { secretEntry, secretsOf } from './secrets.js';
import { underNewId } from './under-new-id.js';

export const createClient = (needs: Needs, known: Contexts): DirectoryPort['createClient'] =>
  async (request, call) => {
    const { poolId, settings } = await known.pool(request.poolId);
    const reason = brokenRule(request, settings);
    if (reason !== undefined) throw refusal('InvalidParameter', { reason });
    const hash = await needs.hashes.ready();

    return underNewId(call.requestKey, async (requestKey) => {
      const clientId = clientIdFrom(needs.ids.derive(requestKey, 'client', 0), needs.ids.derive(requestKey, 'client', 1));
      const secretIds = await putSecret(needs, request, poolId, clientId);
      const command = { do: 'create', settingsJson: request.settingsJson, secretIds, now: secondsOf(needs.clock.now()) } as const;
      const claimId = needs.ids.derive(call.requestKey, `claim ${clientStream(poolId, clientId)}`, 0);
      const claims: ClaimChange = { take: [{ ...hash(CLIENT_IDS, clientId), kind: 'client', owner: poolId, claimId }] };
      const { state, revision } = await execute(loopOf(needs), clients, clientStream(poolId, clientId), command, call, { claims: () => claims });
      if (state.is !== 'live') throw new DomainError('IdTaken'); // repeated after the client was deleted
      await dropUnnamed(needs, poolId, clientId, secretIds, state.secretIds);
      return clientMessage(poolId, clientId, state, revision, await secretsOf(needs.vault, poolId, clientId, state.secretIds));
    });
  };

function brokenRule({ settingsJson, generateSecret, secret }: wire.directory.NewClient, pool: PoolSettings): string | undefined {
  const { ExplicitAuthFlows = [] } = JSON.parse(settingsJson) as { ExplicitAuthFlows?: readonly string[] };
  const facts = { ...clientSettings(settingsJson), ExplicitAuthFlows, generateSecret, ownSecret: secret !== undefined };
  return brokenClientRule(facts, new Set(pool.SchemaAttributes.map(({ Name }) => Name)));
}

/** The secret first, the event that names it last: until then it opens nothing. Ids have the form that the API's do. */
async function putSecret(needs: Needs, { generateSecret, secret }: wire.directory.NewClient, poolId: PoolId, clientId: ClientId): Promise<readonly string[]> {
  const value = generateSecret ? needs.newSecret() : secret;
  if (value === undefined) return [];
  const secretId = `${clientId}--${secondsOf(needs.clock.now())}`;
  await needs.vault.put(secretEntry(poolId, clientId, secretId), Buffer.from(value, 'utf8'));
  return [secretId];
}

/** A repeated request answers with the secret of the first time, and leaves no second one behind. */
async function dropUnnamed({ vault }: Needs, poolId: PoolId, clientId: ClientId, made: readonly string[], named: readonly string[]): Promise<void> {
  for (const id of made) if (!named.includes(id)) await vault.delete({ poolId, owner: clientId, id });
}

export const describeClient = (needs: Needs, known: Contexts): DirectoryPort['describeClient'] =>
  async (request) => {
    const { poolId } = await known.pool(request.poolId);
    return readClient(needs, poolId, asClientId(request.clientId));
  };

export const deleteClient = (needs: Needs, known: Contexts): DirectoryPort['deleteClient'] =>
  async (request, call) => {
    const { poolId } = await known.pool(request.poolId);
    const clientId = asClientId(request.clientId);
    try {
      await removeClient(needs, poolId, clientId, call);
    } finally {
      known.dropClient(clientId); // also when nobody can tell whether it was stored
    }
    return {};
  };

/** The client is gone and its id finds nothing; its secrets, which nothing names any longer, go after it. */
export async function removeClient(needs: Needs, poolId: PoolId, clientId: ClientId, call: Caused): Promise<void> {
  const hash = await needs.hashes.ready();
  const command = { do: 'delete', clientId, now: secondsOf(needs.clock.now()) } as const;
  const claims: ClaimChange = { release: [{ ...hash(CLIENT_IDS, clientId), owner: poolId }] };
  await execute(loopOf(needs), clients, clientStream(poolId, clientId), command, call, { claims: () => claims });
  await needs.vault.deleteOwner(poolId, clientId);
}

export const clientContext = (known: Contexts): DirectoryPort['clientContext'] =>
  async ({ clientId }, call) => {
    const { pool, client } = await known.client(clientId);
    call.effects.poolId = pool.poolId;
    return { pool, client };
  };
