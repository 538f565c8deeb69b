import { describe, expect, it } from '@jest/globals';
import type { Position, StoredEvent } from '@rollcall/eventing';
import { epochMillis, type EventId } from '@rollcall/kernel';

import { clients, pools, users } from '../src/application/aggregates.js';
import { directoryIntegration } from '../src/index.js';
import { SUB } from './people.js';

const stored = (type: string, stream: string): StoredEvent => ({
  stream, revision: 4, id: 'an id' as EventId, type, version: 1, data: { at: 1 }, personal: { username: 'ada' }, recordedAt: epochMillis(1_000), position: '7' as Position,
  meta: { correlationId: 'call 1', operation: 'AdminDeleteUser', caller: { kind: 'administrator', id: 'AKIA' } },
});
const envelope = { id: 'an id', version: 1, source: 'directory', time: 1_000, correlationId: 'call 1', operation: 'AdminDeleteUser' };

describe('what the directory tells the others', () => {
  it('is that a pool is made or gone', () => {
    for (const type of ['directory.pool.created', 'directory.pool.deleted']) {
      expect(directoryIntegration(stored(type, 'directory.pool-eu-west-1_abc'))).toEqual(
        { ...envelope, type, partition: 'directory.pool-eu-west-1_abc', subject: { poolId: 'eu-west-1_abc' }, data: { poolId: 'eu-west-1_abc' } });
    }
  });
  it('is that a client is gone', () =>
    expect(directoryIntegration(stored('directory.client.deleted', 'directory.client-eu-west-1_abc.web'))).toEqual({
      ...envelope, type: 'directory.client.deleted', partition: 'directory.client-eu-west-1_abc.web', subject: { poolId: 'eu-west-1_abc' },
      data: { poolId: 'eu-west-1_abc', clientId: 'web' },
    }));
  it('is that a user is gone', () =>
    expect(directoryIntegration(stored('directory.user.deleted', `directory.user-eu-west-1_abc.${SUB}`))).toEqual({
      ...envelope, type: 'directory.user.deleted', partition: `directory.user-eu-west-1_abc.${SUB}`, subject: { poolId: 'eu-west-1_abc', sub: SUB },
      data: { poolId: 'eu-west-1_abc', sub: SUB },
    }));
  it('is nothing else', () => {
    const types = [...pools.definitions.keys(), ...clients.definitions.keys(), ...users.definitions.keys()];
    expect(types.filter((type) => directoryIntegration(stored(type, 'directory.user-p.s')))).toEqual(
      ['directory.pool.created', 'directory.pool.deleted', 'directory.client.deleted', 'directory.user.deleted']);
  });
});
