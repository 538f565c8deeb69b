import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { wire } from '@rollcall/contracts';
import fc from 'fast-check';

import { call } from './call.js';
import { createUser, postgresDirectory, register, type PostgresDirectory } from './postgres-directory.js';

let d: PostgresDirectory;
beforeAll(async () => { d = await postgresDirectory(); });
afterAll(() => d.close());

const filter = (attribute: string, sign: '=' | '^=', value: string): wire.directory.UserFilter =>
  ({ attribute, comparison: sign === '=' ? 'equals' : 'starts-with', value });
const list = (poolId: string, more: Partial<wire.directory.UserQuery> = {}) => d.port.listUsers({ poolId, limit: 0, ...more }, call());
const names = async (poolId: string, wanted?: wire.directory.UserFilter) => (await list(poolId, { filter: wanted })).users.map(({ username }) => username).sort();

/** All pages, one after the other. */
async function pages(poolId: string, limit: number, wanted?: wire.directory.UserFilter): Promise<readonly (readonly string[])[]> {
  const found: string[][] = [];
  for (let next: string | undefined; ;) {
    const page = await list(poolId, { limit, next, filter: wanted });
    found.push(page.users.map(({ sub }) => sub));
    next = page.next;
    if (next === undefined) return found;
  }
}

describe('the list of users', () => {
  it('shows what was written before it was asked for', async () => {
    const poolId = await d.pool();
    const user = await register(d, { poolId, username: 'Ada', attributes: { email: 'ada@example.com', name: 'Ada' } });
    expect(await list(poolId)).toEqual({
      users: [{ ...user, sessionGeneration: -1, revision: -1 }], next: undefined,
    });
    for (let n = 0; n < 20; n++) {
      const { sub } = await register(d, { poolId, username: `user${n}` });
      expect((await list(poolId)).users.map((each) => each.sub)).toContain(sub);
    }
  });
  it('follows every change of a user', async () => {
    const poolId = await d.pool({ AliasAttributes: ['email'] });
    const { sub } = await createUser(d, { poolId, username: 'ada' });
    const line = async () => (await list(poolId)).users[0];
    const choice = { poolId, sub, origin: 'user', attributes: [{ name: 'email', value: 'a@example.com' }, { name: 'name', value: 'Ada' }], signOut: true };
    expect(await line()).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD', enabled: true });
    const { updatedAt } = await d.port.choosePassword({ ...choice, credentialId: '00000000-0000-4000-8000-000000000001' }, call());
    expect(await line()).toMatchObject({
      status: 'CONFIRMED', updatedAt, attributes: [{ name: 'email', value: 'a@example.com' }, { name: 'name', value: 'Ada' }, { name: 'email_verified', value: 'false' }],
    });
    expect(await names(poolId, filter('email', '=', 'a@example.com'))).toEqual(['ada']);
    await d.port.choosePassword({ ...choice, attributes: [{ name: 'email', value: 'b@example.com' }], credentialId: '00000000-0000-4000-8000-000000000002', temporaryUntil: 1 }, call());
    expect(await line()).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD' });
    expect([await names(poolId, filter('email', '=', 'a@example.com')), await names(poolId, filter('email', '=', 'b@example.com'))]).toEqual([[], ['ada']]);
    await d.port.deleteUser({ poolId, by: { $case: 'sub', value: sub } }, call());
    expect(await list(poolId)).toEqual({ users: [], next: undefined });
  });
  it('is another one for another pool, and none for no pool', async () => {
    const [one, other] = [await d.pool(), await d.pool()];
    await register(d, { poolId: one, username: 'ada' });
    expect(await names(other)).toEqual([]);
    await expect(list('eu-west-1_nobody')).rejects.toMatchObject({ code: 'PoolNotFound' });
  });

  describe('searched', () => {
    let poolId: string;
    let ada: wire.directory.User;
    beforeAll(async () => {
      poolId = await d.pool();
      ada = await register(d, {
        poolId, username: 'Ada', attributes: { email: 'ada@example.com', name: 'Ada L', given_name: 'Ada', family_name: 'Lovelace', phone_number: '+12025550100', preferred_username: 'countess' },
      });
      await register(d, { poolId, username: 'adam', attributes: { email: 'adam@example.com', name: '100% Adam' } });
      await register(d, { poolId, username: 'a_b' });
      await createUser(d, { poolId, username: 'eve', attributes: { name: '1000 Eves' } });
      await d.port.confirmUser({ poolId, sub: ada.sub, forceAliasCreation: false }, call());
    });

    it.each<[string, '=' | '^=', string, readonly string[]]>([
      ['username', '=', 'Ada', ['Ada']], ['username', '=', 'ada', []], ['username', '^=', 'ad', ['adam']], ['username', '^=', '', ['Ada', 'a_b', 'adam', 'eve']],
      ['email', '=', 'ada@example.com', ['Ada']], ['email', '^=', 'ada', ['Ada', 'adam']], ['email', '^=', '', ['Ada', 'adam']],
      ['name', '=', 'Ada L', ['Ada']], ['given_name', '=', 'Ada', ['Ada']], ['family_name', '^=', 'Love', ['Ada']], ['preferred_username', '=', 'countess', ['Ada']],
      ['phone_number', '^=', '+1', ['Ada']],
      ['cognito:user_status', '=', 'CONFIRMED', ['Ada']], ['cognito:user_status', '=', 'confirmed', ['Ada']], ['cognito:user_status', '^=', 'un', ['a_b', 'adam']],
      ['cognito:user_status', '=', 'FORCE_CHANGE_PASSWORD', ['eve']], ['cognito:user_status', '=', 'ARCHIVED', []], ['cognito:user_status', '^=', '', ['Ada', 'a_b', 'adam', 'eve']],
      ['status', '=', 'Enabled', ['Ada', 'a_b', 'adam', 'eve']], ['status', '=', 'enabled', []], ['status', '=', 'Disabled', []], ['status', '^=', '', ['Ada', 'a_b', 'adam', 'eve']],
    ])('by %s %s %j', async (attribute, sign, value, expected) => expect(await names(poolId, filter(attribute, sign, value))).toEqual(expected));
    it('by sub', async () => {
      expect(await names(poolId, filter('sub', '=', ada.sub))).toEqual(['Ada']);
      expect(await names(poolId, filter('sub', '^=', ada.sub.slice(0, 20)))).toEqual(['Ada']);
      expect(await names(poolId, filter('sub', '^=', ''))).toHaveLength(4);
    });
    it.each(['%', '_', 'a%', 'a_%', '%a', '\\', "'", "' or true --", '"', '100%'])('I7: takes %j for what it is', async (value) => {
      expect(await names(poolId, filter('username', '^=', value))).toEqual([]);
      expect(await names(poolId, filter('name', '^=', value))).toEqual(value === '100%' ? ['adam'] : []);
    });
    it.each(['custom:team', 'password', 'sub; drop table', '__proto__'])('I7: by nothing else: %s', async (attribute) =>
      expect(names(poolId, filter(attribute, '=', 'x'))).rejects.toMatchObject({ code: 'InvalidParameter' }));
    it('I7: by no other comparison, no endless value and none that no table can hold', async () => {
      await expect(list(poolId, { filter: { attribute: 'name', comparison: 'like', value: 'x' } })).rejects.toMatchObject({ code: 'InvalidParameter' });
      await expect(names(poolId, filter('name', '=', 'x'.repeat(256)))).rejects.toMatchObject({ code: 'InvalidParameter' });
      for (const sign of ['=', '^='] as const) await expect(names(poolId, filter('name', sign, 'a\0'))).rejects.toMatchObject({ code: 'InvalidParameter' });
    });
    it('finds a long value by its beginning', async () => {
      const other = await d.pool();
      await register(d, { poolId: other, username: 'long', attributes: { name: '長'.repeat(2000) } });
      expect(await names(other, filter('name', '^=', '長'.repeat(250)))).toEqual(['long']);
      expect(await names(other, filter('name', '=', '長'.repeat(250)))).toEqual([]);
    });
  });

  describe('in pages', () => {
    let poolId: string;
    let subs: readonly string[];
    beforeAll(async () => {
      poolId = await d.pool();
      const users = await Promise.all(Array.from({ length: 13 }, (_, n) => register(d, { poolId, username: `user${n % 2}${n}`, attributes: { name: n < 5 ? 'Ada' : `Ada ${n}` } })));
      subs = users.map(({ sub }) => sub).sort();
    });

    it.each([1, 4, 6, 13, 14])('of %d has everybody once, in the same order', async (limit) => {
      const found = await pages(poolId, limit);
      expect(found.flat()).toEqual(subs);
      expect(found.slice(0, -1).every((page) => page.length === limit)).toBe(true);
    });
    it.each([[filter('username', '^=', 'user1'), 6], [filter('name', '^=', 'Ada'), 13], [filter('name', '=', 'Ada'), 5], [filter('cognito:user_status', '=', 'UNCONFIRMED'), 13],
      [filter('status', '=', 'Enabled'), 13], [filter('sub', '^=', ''), 13]] as const)('of a search %j has all it finds once', async (wanted, expected) => {
      for (const limit of [1, 2, 5]) expect(new Set((await pages(poolId, limit, wanted)).flat()).size).toBe(expected);
      expect((await pages(poolId, 2, wanted)).flat()).toHaveLength(expected);
    });
    it('goes on although the last one of a page is deleted', async () => {
      const { users, next } = await list(poolId, { limit: 3 });
      await d.port.deleteUser({ poolId, by: { $case: 'sub', value: users[2]?.sub ?? '' } }, call());
      subs = subs.filter((sub) => sub !== users[2]?.sub);
      expect((await list(poolId, { limit: 60, next })).users.map(({ sub }) => sub)).toEqual(subs.slice(2));
    });
    it('has 60 at most', async () => {
      const many = await d.pool();
      await Promise.all(Array.from({ length: 61 }, (_, n) => register(d, { poolId: many, username: `user${n}` })));
      expect((await pages(many, 1_000)).map((page) => page.length)).toEqual([60, 1]);
      expect((await pages(many, 0)).map((page) => page.length)).toEqual([60, 1]);
    });
    it('I6: goes on only by a token of this very list', async () => {
      const { next = '' } = await list(poolId, { limit: 1 });
      const other = await d.pool();
      const refused = { code: 'InvalidParameter', details: { reason: 'Invalid pagination token.' } };
      await expect(list(other, { limit: 1, next })).rejects.toMatchObject(refused);
      await expect(list(poolId, { limit: 1, next, filter: filter('name', '^=', '') })).rejects.toMatchObject(refused);
      await expect(d.port.listClients({ poolId, limit: 1, next }, call())).rejects.toMatchObject(refused);
      await expect(d.port.listPools({ region: 'eu-west-1', limit: 1, next }, call())).rejects.toMatchObject(refused);
      for (const forged of ['', 'x', next.slice(1), `${next}A`, `${next.slice(0, -4)}AAAA`, Buffer.from('["a"]').toString('base64url'), 'A'.repeat(20_000)])
        await expect(list(poolId, { next: forged })).rejects.toMatchObject(refused);
      await fc.assert(fc.asyncProperty(fc.nat(next.length - 1), fc.constantFrom('A', 'Q', '_', '0'), async (at, character) => {
        fc.pre(next.charAt(at) !== character);
        await expect(list(poolId, { next: next.slice(0, at) + character + next.slice(at + 1) })).rejects.toMatchObject(refused);
      }), { numRuns: 30 });
    });
    it('tells nothing in its token', async () => {
      const { next = '' } = await list(poolId, { limit: 1, filter: filter('name', '^=', 'Ada') });
      expect(Buffer.from(next, 'base64url').toString('latin1')).not.toContain('Ada');
    });
  });
});

describe('the list of pools', () => {
  it('has the pools of the region, in pages', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => d.pool({}, 'ap-south-1')));
    const other = await d.pool({}, 'ap-south-2');
    const all = await d.port.listPools({ region: 'ap-south-1', limit: 60 }, call());
    expect(all.pools.map(({ poolId }) => poolId)).toEqual([...ids].sort());
    const first = await d.port.listPools({ region: 'ap-south-1', limit: 3 }, call());
    const second = await d.port.listPools({ region: 'ap-south-1', limit: 3, next: first.next }, call());
    expect([...first.pools, ...second.pools]).toEqual(all.pools);
    expect(second.next).toBeUndefined();
    expect((await d.port.listPools({ region: 'ap-south-2', limit: 60 }, call())).pools).toEqual([
      { poolId: other, settingsJson: '{"PoolName":"people"}', createdAt: expect.any(Number), updatedAt: expect.any(Number), revision: -1 },
    ]);
    await d.port.deletePool({ poolId: other }, call());
    expect(await d.port.listPools({ region: 'ap-south-2', limit: 60 }, call())).toEqual({ pools: [], next: undefined });
  });
});

describe('the list of clients', () => {
  it('has the clients of the pool, in pages, without secrets', async () => {
    const poolId = await d.pool();
    const make = () => d.port.createClient({ poolId, settingsJson: '{"ClientName":"web"}', generateSecret: true }, call());
    const made = await Promise.all([make(), make(), make()]);
    const all = await d.port.listClients({ poolId, limit: 60 }, call());
    expect(all.clients.map(({ clientId }) => clientId)).toEqual(made.map(({ clientId }) => clientId).sort());
    expect(all.clients[0]).toEqual({ poolId, clientId: expect.any(String), settingsJson: '{"ClientName":"web"}', createdAt: expect.any(Number), updatedAt: expect.any(Number), revision: -1, secrets: [] });
    const first = await d.port.listClients({ poolId, limit: 2 }, call());
    const second = await d.port.listClients({ poolId, limit: 2, next: first.next }, call());
    expect([...first.clients, ...second.clients]).toEqual(all.clients);
    await d.port.deleteClient({ poolId, clientId: made[0]?.clientId ?? '' }, call());
    expect((await d.port.listClients({ poolId, limit: 60 }, call())).clients).toHaveLength(2);
  });
});

describe('read models', () => {
  it('hold what the log says', async () => {
    for (const name of ['directory_pools', 'directory_clients_by_pool', 'directory_users_by_pool', 'directory_user_counts']) {
      expect(await d.readModels.verify(name)).toMatchObject({ matches: true });
    }
  });
  it('tell of a row that was changed behind their back', async () => {
    const poolId = await d.pool();
    await register(d, { poolId, username: 'ada' });
    await list(poolId);
    await d.db.queryOnce(`update directory.directory_users_by_pool_v1 set status = 'CONFIRMED' where pool_id = $1`, [poolId]);
    expect(await d.readModels.verify('directory_users_by_pool')).toMatchObject({ matches: false });
    await d.db.queryOnce(`update directory.directory_users_by_pool_v1 set status = 'UNCONFIRMED' where pool_id = $1`, [poolId]);
  });
  it('walk an index for every search', async () => {
    const { rows } = await d.db.queryOnce<{ indexdef: string }>(`select indexdef from pg_indexes where schemaname = 'directory' and tablename = 'directory_users_by_pool_v1'`);
    for (const column of ['username', 'email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username', 'status', 'enabled'])
      expect(rows.some(({ indexdef }) => indexdef.includes(`(pool_id, ${column}, sub)`))).toBe(true);
  });
});
