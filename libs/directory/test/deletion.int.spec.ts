import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uuidV4 } from '@rollcall/platform-crypto';

import { namesIn } from '../src/application/claim-hashes.js';
import { call } from './call.js';
import { eventually, postgresDirectory, register, type PostgresDirectory } from './postgres-directory.js';

jest.setTimeout(30_000); // the background takes its time

let d: PostgresDirectory;
beforeAll(async () => { d = await postgresDirectory(); });
afterAll(() => d.close());

const count = async (table: string, poolId: string) =>
  (await d.db.queryOnce<{ n: number }>(`select count(*) as n from directory.${table} where pool_id = $1`, [poolId])).rows[0]?.n;
const openKeys = async (table: 'person_key' | 'pool_key', poolId: string) =>
  (await d.db.queryOnce<{ n: number }>(`select count(wrapped) as n from directory.${table} where pool_id = $1`, [poolId])).rows[0]?.n;
const claims = async () => (await d.db.queryOnce<{ n: number }>('select count(*) as n from directory.claim')).rows[0]?.n;
/** As a process reads it that remembers no key. */
const personalIn = async (stream: string) => (await d.freshStore().events.read(stream)).events.map(({ personal }) => personal);

describe('a deleted user', () => {
  it('K7: leaves a stream that nobody can read, and neither row nor name', async () => {
    const poolId = await d.pool();
    const { sub } = await register(d, { poolId, username: 'lovelace', attributes: { email: 'canary@example.com' } });
    const stream = `directory.user-${poolId}.${sub}`;
    expect(await personalIn(stream)).toEqual([expect.objectContaining({ username: 'lovelace' })]);
    const before = await claims();
    await d.port.deleteUser({ poolId, by: { $case: 'name', value: 'lovelace' } }, call());
    expect(await claims()).toBe((before ?? 0) - 2);
    await eventually(async () => (await personalIn(stream))[0] === null);
    expect((await d.port.listUsers({ poolId, limit: 60 }, call())).users).toEqual([]);
    expect(JSON.stringify((await d.db.queryOnce('select data::text, meta::text from directory.event where stream = $1', [stream])).rows)).not.toMatch(/lovelace|canary/);
  });
});

describe('a deleted pool', () => {
  it('is purged in the background: users, clients, secrets, names, keys', async () => {
    const poolId = await d.pool({ AliasAttributes: ['email'] });
    const kept = await d.pool();
    await register(d, { poolId: kept, username: 'ada' });
    const before = await claims();
    const users = await Promise.all(Array.from({ length: 105 }, (_, n) => register(d, { poolId, username: `user${n}`, attributes: { email: `user${n}@example.com` } })));
    const clients = await Promise.all([1, 2, 3].map(() => d.port.createClient({ poolId, settingsJson: '{"ClientName":"web"}', generateSecret: true }, call())));
    expect((await d.port.describePool({ poolId }, call())).estimatedNumberOfUsers).toBeGreaterThanOrEqual(0);
    await d.port.confirmUser({ poolId, sub: users[0]?.sub ?? '', verifiedAttribute: 'email', forceAliasCreation: false }, call());

    await d.port.deletePool({ poolId }, call());
    await expect(d.port.listUsers({ poolId, limit: 60 }, call())).rejects.toMatchObject({ code: 'PoolNotFound' });
    await expect(d.port.clientContext({ clientId: clients[0]?.clientId ?? '' }, call())).rejects.toMatchObject({ code: 'ClientNotFound' });

    await eventually(async () => (await d.db.queryOnce<{ due: boolean }>('select due from directory.pool_purge where pool_id = $1', [poolId])).rows[0]?.due === false);
    expect([await count('vault', poolId), await claims()]).toEqual([0, before]);
    expect([await openKeys('pool_key', poolId), await openKeys('person_key', poolId)]).toEqual([0, 0]);
    await expect(d.freshStore().keys.poolKey(poolId, 'any')).rejects.toMatchObject({ name: 'KeyDestroyed' });
    expect(await personalIn(`directory.user-${poolId}.${users[104]?.sub}`)).toEqual([null, undefined]);
    await eventually(async () => (await count('directory_users_by_pool_v1', poolId)) === 0 && (await count('directory_clients_by_pool_v1', poolId)) === 0
      && (await count('directory_pools_v1', poolId)) === 0 && (await count('directory_user_counts_v1', poolId)) === 0);
    expect((await d.port.listUsers({ poolId: kept, limit: 60 }, call())).users).toHaveLength(1);
  });
  it('is purged of somebody whose sign-up had looked before', async () => {
    const poolId = await d.pool();
    await d.port.poolContext({ poolId }, call());
    const other = await d.another();
    await other.port.poolContext({ poolId }, call()); // kept there for a second
    await d.port.deletePool({ poolId }, call());
    await register(other, { poolId, username: 'late' });
    const name = (await d.needs.hashes.ready())(namesIn(poolId), 'late');
    await eventually(async () => (await d.store.claims.find(name)) === undefined);
    expect(await d.store.claims.find(name)).toBeUndefined();
  });
  it('is purged after a process died on the way', async () => {
    const poolId = await d.pool();
    await register(d, { poolId, username: 'ada' });
    await d.db.queryOnce(`insert into directory.pool_purge (pool_id, correlation_id, operation, held_until) values ($1, 'call', 'DeleteUserPool', 'infinity')`, [poolId]);
    await d.port.deletePool({ poolId }, call()); // somebody holds it and does nothing
    await eventually(async () => (await d.db.queryOnce<{ wish: number }>('select wish from directory.pool_purge where pool_id = $1', [poolId])).rows[0]?.wish !== 0);
    expect(await openKeys('person_key', poolId)).toBe(1);
    await d.db.queryOnce(`update directory.pool_purge set held_until = clock_timestamp() where pool_id = $1`, [poolId]);
    await eventually(async () => (await openKeys('pool_key', poolId)) === 0);
    expect(await openKeys('person_key', poolId)).toBe(0);
  });
});

describe('of 20 at the same moment', () => {
  it('one signs up under a name', async () => {
    const poolId = await d.pool({ UsernameAttributes: ['email'] });
    const other = await d.another();
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => register(n % 2 ? d : other, { poolId, username: 'ada@example.com' })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.filter((r) => r.status === 'rejected' && (r.reason as { code: string }).code === 'NameAttributeTaken')).toHaveLength(19);
    expect((await d.port.listUsers({ poolId, limit: 60 }, call())).users).toHaveLength(1);
  });
  it('one proves an alias', async () => {
    const poolId = await d.pool({ AliasAttributes: ['email'] });
    const users = await Promise.all(Array.from({ length: 20 }, (_, n) => register(d, { poolId, username: `ada${n}`, attributes: { email: 'ada@example.com' } })));
    const results = await Promise.allSettled(users.map(({ sub }) => d.port.confirmUser({ poolId, sub, verifiedAttribute: 'email', forceAliasCreation: false }, call())));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.filter((r) => r.status === 'rejected' && (r.reason as { code: string }).code === 'AliasTaken')).toHaveLength(19);
  });
  it('K9: all repeat one request, and make one user', async () => {
    const poolId = await d.pool();
    const sub = uuidV4();
    const other = await d.another();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => register(n % 2 ? d : other, { poolId, sub, username: 'ada', by: call('a'.repeat(64)) })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await d.store.events.read(`directory.user-${poolId}.${sub}`)).events).toHaveLength(1);
  });
});
