import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '@rollcall/kernel';

import { clientContext, createClient, deleteClient, describeClient } from '../src/application/clients.js';
import { contexts } from '../src/application/contexts.js';
import { createPool, deletePool, describePool } from '../src/application/pools.js';
import { CLIENT_IDS } from '../src/application/claim-hashes.js';
import { call } from './call.js';
import { noon } from './given.js';
import { memoryNeeds } from './needs.js';

function directory() {
  const needs = memoryNeeds();
  const known = contexts(needs);
  return {
    ...needs,
    known,
    createPool: (settings: object, key?: string) => createPool(needs)({ region: 'eu-west-1', settingsJson: canonicalJson({ PoolName: 'people', ...settings }) }, call(key)),
    describePool: (poolId: string) => describePool(needs, { numberOfUsers: async () => 7 })({ poolId }, call()),
    deletePool: (poolId: string, key?: string) => deletePool(needs, known)({ poolId }, call(key)),
    createClient: (poolId: string, asked: { settings?: object; generateSecret?: boolean; secret?: string } = {}, key?: string) =>
      createClient(needs, known)({ poolId, settingsJson: canonicalJson({ ClientName: 'web', ...asked.settings }), generateSecret: false, ...asked }, call(key)),
    describeClient: (poolId: string, clientId: string) => describeClient(needs, known)({ poolId, clientId }, call()),
    deleteClient: (poolId: string, clientId: string) => deleteClient(needs, known)({ poolId, clientId }, call()),
    context: (clientId: string) => clientContext(known)({ clientId }, call()),
  };
}

describe('pools', () => {
  it('has an id that begins with its region, and its settings byte for byte', async () => {
    const { createPool: create, describePool: describe } = directory();
    const pool = await create({ Policies: { PasswordPolicy: { MinimumLength: 9 } } });
    expect(pool.poolId).toMatch(/^eu-west-1_[0-9A-Za-z]{9}$/);
    expect(await describe(pool.poolId)).toEqual({
      pool: { poolId: pool.poolId, settingsJson: '{"Policies":{"PasswordPolicy":{"MinimumLength":9}},"PoolName":"people"}', createdAt: noon, updatedAt: noon, revision: 0 },
      estimatedNumberOfUsers: 7,
    });
  });
  it('K9: a repeated request makes one pool, one after it another one', async () => {
    const { createPool: create } = directory();
    const first = await create({}, 'key 1');
    expect(await create({}, 'key 1')).toEqual(first);
    expect((await create({}, 'key 2')).poolId).not.toBe(first.poolId);
    expect((await create({})).poolId).not.toBe((await create({})).poolId);
  });
  it('takes a fresh id where the request is older than its answer is kept, or its pool deleted', async () => {
    const d = directory();
    const first = await d.createPool({}, 'key');
    await d.deletePool(first.poolId);
    const second = await d.createPool({}, 'key');
    expect(second.poolId).not.toBe(first.poolId);
    d.pass(11 * 60 * 1000);
    expect((await d.createPool({}, 'key')).poolId).not.toBe(second.poolId);
  });
  it('refuses settings that break a rule, and writes nothing', async () => {
    const { createPool: create, store } = directory();
    await expect(create({ AliasAttributes: ['email'], UsernameAttributes: ['email'] })).rejects.toMatchObject({ code: 'InvalidParameter' });
    expect(await store.head()).toBeUndefined();
  });
  it.each(['eu-west-1_nobody123', 'no pool', 'eu_west_1', ''])('knows no pool %p', async (poolId) => {
    const { describePool: describe, deletePool: remove } = directory();
    await expect(describe(poolId)).rejects.toMatchObject({ code: 'PoolNotFound', details: { poolId } });
    await expect(remove(poolId)).rejects.toMatchObject({ code: 'PoolNotFound', details: { poolId } });
  });
  it('is gone for everybody, its clients too, as soon as its deletion is answered', async () => {
    const d = directory();
    const { poolId } = await d.createPool({});
    const { clientId } = await d.createClient(poolId);
    await d.context(clientId);
    await d.deletePool(poolId);
    await expect(d.describePool(poolId)).rejects.toMatchObject({ code: 'PoolNotFound' });
    await expect(d.known.pool(poolId)).rejects.toMatchObject({ code: 'PoolNotFound' });
    await expect(d.context(clientId)).rejects.toMatchObject({ code: 'ClientNotFound', details: { clientId } });
    await expect(d.describeClient(poolId, clientId)).rejects.toMatchObject({ code: 'PoolNotFound' });
    await expect(d.createClient(poolId)).rejects.toMatchObject({ code: 'PoolNotFound' });
    await expect(d.deletePool(poolId)).rejects.toMatchObject({ code: 'PoolNotFound' });
  });
  it('answers a repeated deletion as the first', async () => {
    const d = directory();
    const { poolId } = await d.createPool({});
    expect([await d.deletePool(poolId, 'key'), await d.deletePool(poolId, 'key')]).toEqual([{}, {}]);
  });
});

describe('app clients', () => {
  it('has an id of 26 characters, its settings byte for byte, and no secret unless asked', async () => {
    const d = directory();
    const { poolId } = await d.createPool({});
    const client = await d.createClient(poolId);
    expect(client).toEqual({
      clientId: expect.stringMatching(/^[a-z0-9]{26}$/), poolId, settingsJson: '{"ClientName":"web"}', createdAt: noon, updatedAt: noon, revision: 0, secrets: [],
    });
    expect(await d.describeClient(poolId, client.clientId)).toEqual(client);
  });
  it('keeps its secret in the vault, and out of the events', async () => {
    const d = directory();
    const { poolId } = await d.createPool({});
    const { clientId, secrets } = await d.createClient(poolId, { generateSecret: true });
    const value = 'secret1'.padEnd(52, 'x');
    expect(secrets).toEqual([{ secretId: `${clientId}--${noon}`, value, createdAt: noon }]);
    expect((await d.describeClient(poolId, clientId)).secrets).toEqual(secrets);
    expect(JSON.stringify(await d.store.readAll({ prefixes: ['directory.'], limit: 100 }))).not.toContain(value);
  });
  it('takes a secret that its maker brings', async () => {
    const d = directory();
    const { poolId } = await d.createPool({});
    expect((await d.createClient(poolId, { secret: 'mine'.repeat(6) })).secrets).toEqual([expect.objectContaining({ value: 'mine'.repeat(6) })]);
  });
  it('K9: a repeated request makes one client with one secret, and answers with it', async () => {
    const d = directory();
    const { poolId } = await d.createPool({});
    const first = await d.createClient(poolId, { generateSecret: true }, 'key');
    d.pass(1_500);
    expect(await d.createClient(poolId, { generateSecret: true }, 'key')).toEqual(first);
    expect(d.vault.rows()).toHaveLength(1);
  });
  it('is found by its id alone, with its pool', async () => {
    const d = directory();
    const pool = await d.createPool({});
    const client = await d.createClient(pool.poolId, { generateSecret: true });
    expect(await d.context(client.clientId)).toEqual({ pool, client });
  });
  it('is not found in another pool', async () => {
    const d = directory();
    const { clientId } = await d.createClient((await d.createPool({})).poolId);
    const other = await d.createPool({});
    await expect(d.describeClient(other.poolId, clientId)).rejects.toMatchObject({ code: 'ClientNotFound', details: { clientId } });
    await expect(d.deleteClient(other.poolId, clientId)).rejects.toMatchObject({ code: 'ClientNotFound', details: { clientId } });
    expect((await d.context(clientId)).client?.clientId).toBe(clientId);
  });
  it.each(['nobody', 'no client', ''])('knows no client %p', async (clientId) => {
    const d = directory();
    const { poolId } = await d.createPool({});
    await expect(d.describeClient(poolId, clientId)).rejects.toMatchObject({ code: 'ClientNotFound', details: { clientId } });
    await expect(d.context(clientId)).rejects.toMatchObject({ code: 'ClientNotFound', details: { clientId } });
  });
  it('is gone with its secrets and its claim as soon as its deletion is answered', async () => {
    const d = directory();
    const { poolId } = await d.createPool({});
    const { clientId } = await d.createClient(poolId, { generateSecret: true });
    await d.context(clientId);
    await d.deleteClient(poolId, clientId);
    await expect(d.context(clientId)).rejects.toMatchObject({ code: 'ClientNotFound' });
    await expect(d.describeClient(poolId, clientId)).rejects.toMatchObject({ code: 'ClientNotFound' });
    await expect(d.deleteClient(poolId, clientId)).rejects.toMatchObject({ code: 'ClientNotFound' });
    expect(d.vault.rows()).toEqual([]);
    expect(await d.store.find((await d.hashes.ready())(CLIENT_IDS, clientId))).toBeUndefined();
  });
  it('refuses settings that break a rule, and writes nothing', async () => {
    const d = directory();
    const { poolId } = await d.createPool({});
    const head = await d.store.head();
    await expect(d.createClient(poolId, { generateSecret: true, settings: { WriteAttributes: ['email_verified'] } }))
      .rejects.toMatchObject({ code: 'InvalidParameter', details: { reason: 'Invalid write attributes specified while creating a client' } });
    expect([await d.store.head(), d.vault.rows()]).toEqual([head, []]);
  });
});

describe('contexts', () => {
  it('are read once a second', async () => {
    const d = directory();
    const { clientId } = await d.createClient((await d.createPool({})).poolId);
    d.pass(1_000);
    d.work();
    await Promise.all([d.context(clientId), d.context(clientId)]);
    d.pass(999);
    await d.context(clientId);
    expect(d.work()).toEqual({ reads: 2, lookups: 1 });
    d.pass(1);
    await d.context(clientId);
    expect(d.work()).toEqual({ reads: 2, lookups: 1 });
  });
});
