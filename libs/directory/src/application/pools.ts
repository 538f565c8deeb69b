import { poolSettings, refusal, standardAttributes, type DirectoryPort } from '@rollcall/contracts';
import { execute, load } from '@rollcall/eventing';
import { DomainError, secondsOf } from '@rollcall/kernel';

import { brokenPoolRule, type NewPoolSettings } from '../domain/pool-rules.js';
import { poolIdFrom } from '../domain/short-id.js';
import { poolStream } from '../domain/streams.js';
import type { Lists } from '../read-models/lists.js';
import { pools } from './aggregates.js';
import { asPoolId, type Contexts } from './contexts.js';
import { poolMessage } from './messages.js';
import { loopOf, type Needs } from './needs.js';
import { underNewId } from './under-new-id.js';

export const createPool = (needs: Needs): DirectoryPort['createPool'] =>
  async ({ region, settingsJson }, call) => {
    const { AliasAttributes, UsernameAttributes } = poolSettings(settingsJson);
    const { Schema = [] } = JSON.parse(settingsJson) as Partial<Pick<NewPoolSettings, 'Schema'>>;
    const reason = brokenPoolRule({ AliasAttributes, UsernameAttributes, Schema }, standardAttributes);
    if (reason !== undefined) throw refusal('InvalidParameter', { reason });

    return underNewId(call.requestKey, async (requestKey) => {
      const poolId = poolIdFrom(region, needs.ids.derive(requestKey, 'pool', 0));
      const command = { do: 'create', settingsJson, now: secondsOf(needs.clock.now()) } as const;
      const { state, revision } = await execute(loopOf(needs), pools, poolStream(poolId), command, call);
      if (state.is !== 'live') throw new DomainError('IdTaken'); // repeated after the pool was deleted
      call.effects.poolId = poolId;
      return poolMessage(poolId, state, revision);
    });
  };

export const describePool = (needs: Needs, lists: Pick<Lists, 'numberOfUsers'>): DirectoryPort['describePool'] =>
  async (request) => {
    const poolId = asPoolId(request.poolId);
    const { state, revision } = await load(needs.store, pools, poolStream(poolId));
    if (state.is !== 'live') throw refusal('PoolNotFound', { poolId });
    return { pool: poolMessage(poolId, state, revision), estimatedNumberOfUsers: await lists.numberOfUsers(poolId) };
  };

/** Shut to everybody when this answers; users, clients and keys are destroyed in the background. */
export const deletePool = (needs: Needs, known: Contexts): DirectoryPort['deletePool'] =>
  async (request, call) => {
    const poolId = asPoolId(request.poolId);
    const command = { do: 'delete', poolId, now: secondsOf(needs.clock.now()) } as const;
    try {
      await execute(loopOf(needs), pools, poolStream(poolId), command, call);
    } finally {
      known.dropPool(poolId); // also when nobody can tell whether it was stored
    }
    return {};
  };
