import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { epochSeconds } from '@rollcall/kernel';

import { postgresLockouts } from '../src/adapters/postgres-lockouts.js';
import { postgresSingleUse } from '../src/adapters/postgres-single-use.js';
import { lockLadder } from '../src/domain/lockout.js';
import { authenticationDatabase, type AuthenticationDatabase } from './support/database-world.js';

let database: AuthenticationDatabase;
beforeAll(async () => { database = await authenticationDatabase(); });
afterAll(() => database.close());

const cause = { correlationId: 'c', operation: 'InitiateAuth', caller: 'anonymous:' };
const personOf = (n: number) => n.toString(16).padStart(64, '0');
const HOUR = 3_600_000;

describe('the lock-out table', () => {
  let people = 0;
  const someone = (source = '192.0.2.0/24') => ({ person: personOf(++people), source });
  const failed = async (key: { person: string; source: string }) =>
    (await database.db.queryOnce<{ failed: number; lock: number }>(
      `select failed, locked_until - (extract(epoch from clock_timestamp()) * 1000)::bigint as lock from authentication.lockout where person = $1 and source = $2`,
      [Buffer.from(key.person, 'hex'), key.source])).rows[0];
  const longLocks = () => postgresLockouts({ db: database.db, rules: { ladder: lockLadder.map((millis) => millis * 3600), forgetMillis: 900_000 } });
  const noLocks = (forgetMillis = 900_000) => postgresLockouts({ db: database.db, rules: { ladder: [0], forgetMillis } });

  it('counts five of 20 parallel failures, and locks by the ladder', async () => {
    const [lockouts, key] = [longLocks(), someone()];
    const counted = await Promise.all(Array.from({ length: 20 }, () => lockouts.countWrong(key, cause)));
    expect(counted.filter(Boolean)).toHaveLength(5);
    expect(await failed(key)).toMatchObject({ failed: 5 });
    expect(await lockouts.isLocked(key)).toBe(true);
  });

  it('does not let a success count while it is locked, and does not lengthen the lock', async () => {
    const [lockouts, key] = [longLocks(), someone()];
    for (let n = 0; n < 5; n++) await lockouts.countWrong(key, cause);
    const before = await failed(key);
    expect([await lockouts.clear(key), await lockouts.countWrong(key, cause)]).toEqual([false, false]);
    const after = await failed(key);
    expect(after?.failed).toBe(5);
    expect(after?.lock).toBeLessThanOrEqual(before?.lock ?? 0);
  });

  it('locks longer with each failure, up to the top of the ladder', async () => {
    const key = someone();
    for (let n = 0; n < 20; n++) await noLocks().countWrong(key, cause);
    await longLocks().countWrong(key, cause);
    const row = await failed(key);
    expect(row?.failed).toBe(21);
    expect(row?.lock).toBeGreaterThan(899 * HOUR);
  });

  it('forgets all failures at a success', async () => {
    const [lockouts, key] = [longLocks(), someone()];
    for (let n = 0; n < 4; n++) await lockouts.countWrong(key, cause);
    expect(await lockouts.clear(key)).toBe(true);
    expect(await failed(key)).toBeUndefined();
    expect(await lockouts.clear(key)).toBe(true);
  });

  it('begins anew after the idle time', async () => {
    const key = someone();
    for (let n = 0; n < 4; n++) await noLocks().countWrong(key, cause);
    await noLocks(0).countWrong(key, cause);
    expect(await failed(key)).toMatchObject({ failed: 1 });
  });

  it('C16: locks one source alone', async () => {
    const [lockouts, key] = [longLocks(), someone()];
    for (let n = 0; n < 5; n++) await lockouts.countWrong(key, cause);
    expect(await lockouts.isLocked({ ...key, source: '198.51.100.0/24' })).toBe(false);
  });

  it('lets no success in that races with the lock', async () => {
    const [lockouts, key] = [longLocks(), someone()];
    for (let n = 0; n < 4; n++) await lockouts.countWrong(key, cause);
    const outcomes = await Promise.all([lockouts.countWrong(key, cause), lockouts.clear(key)]);
    const row = await failed(key);
    // Either the success came first, and one failure is counted anew; or the lock did, and stands.
    expect([[true, true, 1], [true, false, 5]]).toContainEqual([...outcomes, row?.failed]);
  });
});

describe('the single-use table', () => {
  const facts = { ...cause, poolId: 'eu-west-1_TestPool1', sub: 'someone' };
  const until = epochSeconds(Math.floor(Date.now() / 1000) + 600);
  const mark = (n: number) => n.toString(16).padStart(64, '0');

  it('C5: lets one of 20 parallel uses pass', async () => {
    const table = postgresSingleUse(database);
    const passed = await Promise.all(Array.from({ length: 20 }, (_, n) => table.use('one', until, mark(n), facts)));
    expect(passed.filter(Boolean)).toHaveLength(1);
  });
  it('lets the same request pass again, and no other', async () => {
    const table = postgresSingleUse(database);
    expect(await table.use('two', until, mark(1), facts)).toBe(true);
    expect(await table.use('two', until, mark(1), facts)).toBe(true);
    expect(await table.use('two', until, mark(2), facts)).toBe(false);
    expect(await table.use('two', until, undefined, facts)).toBe(false);
  });
  it('does not let it pass again after a minute', async () => {
    const table = postgresSingleUse(database);
    await table.use('three', until, mark(1), facts);
    await database.db.queryOnce(`update authentication.single_use set used_at = used_at - 60000 where id = 'three'`);
    expect(await table.use('three', until, mark(1), facts)).toBe(false);
  });
  it('never lets a request pass again that cannot be told from others', async () => {
    const table = postgresSingleUse(database);
    expect([await table.use('four', until, undefined, facts), await table.use('four', until, undefined, facts)]).toEqual([true, false]);
  });
});
