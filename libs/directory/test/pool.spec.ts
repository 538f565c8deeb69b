import { describe, it } from '@jest/globals';
import { specification } from '@rollcall/eventing/testing';

import { poolCreated, poolDeleted } from '../src/domain/pool.events.js';
import { pool } from '../src/domain/pool.js';
import { later, noon } from './given.js';

const given = specification(pool);
const settingsJson = '{"PoolName":"people"}';
const created = poolCreated({ settingsJson, at: noon });
const remove = { do: 'delete', poolId: 'eu-west-1_abc', now: later } as const;

describe('a pool', () => {
  it('is created with its settings as given', () => given().when({ do: 'create', settingsJson, now: noon }).then(created));
  it('is created once under an id', () => given(created).when({ do: 'create', settingsJson, now: later }).thenRefused('IdTaken'));
  it('does not come back under the id of a deleted one', () =>
    given(created, poolDeleted({ at: noon })).when({ do: 'create', settingsJson, now: later }).thenRefused('IdTaken'));
  it('is deleted', () => given(created).when(remove).then(poolDeleted({ at: later })));
  it('is not deleted while it is protected', () =>
    given(poolCreated({ settingsJson: '{"DeletionProtection":"ACTIVE"}', at: noon })).when(remove).thenRefused('PoolDeletionProtected'));
  it('is deleted with protection off', () =>
    given(poolCreated({ settingsJson: '{"DeletionProtection":"INACTIVE"}', at: noon })).when(remove).then(poolDeleted({ at: later })));
  it('is not deleted before it exists', () => given().when(remove).thenRefused('PoolNotFound', { poolId: 'eu-west-1_abc' }));
  it('is not deleted twice', () => given(created, poolDeleted({ at: noon })).when(remove).thenRefused('PoolNotFound', { poolId: 'eu-west-1_abc' }));
});
