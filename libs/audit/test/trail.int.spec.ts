import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noEffects, type AuditPort, type CallContext } from '@rollcall/contracts';
import { epochMillis } from '@rollcall/kernel';
import { masterKeyProvider, uuidV7 } from '@rollcall/platform-crypto';
import { testDatabase, type TestDatabase } from '@rollcall/platform-postgres/testing';
import { postgresServiceStore, prepareSchema, type ServiceStore } from '@rollcall/store-postgres';

import { auditConsumer, auditMigrations, auditService, postgresTrail, sweepMissingRecords, type Effect } from '../src/index.js';

const call: CallContext = {
  correlationId: 'c', operation: 'Test', deadline: epochMillis(Date.now() + 600_000), caller: { kind: 'operator', id: 'test' }, clientMetadata: {}, effects: noEffects(),
};
const poolId = 'us-east-1_AbCdEf123';
const record = (over = {}) => ({
  recordId: uuidV7(epochMillis(Date.now())), at: Date.now(), correlationId: uuidV7(epochMillis(Date.now())), operation: 'InitiateAuth', outcome: 'ok',
  caller: { kind: 'anonymous', id: '' }, poolId, clientId: 'client1', sub: 'ada-sub', eventIds: ['e1'], source: '192.0.2.77', userAgent: 'canary-agent/1.0', ...over,
});

describe('the audit trail', () => {
  let database: TestDatabase;
  let store: ServiceStore;
  let audit: AuditPort;

  beforeAll(async () => {
    database = await testDatabase();
    await prepareSchema(database.db, 'audit', auditMigrations);
    store = postgresServiceStore({ db: database.db, service: 'audit', provider: masterKeyProvider(Buffer.alloc(32, 1)), shared: false });
    audit = auditService({ trail: postgresTrail({ db: database.db }), sealing: store.sealing, keys: store.keys });
  });
  afterAll(async () => {
    await store.close();
    await database.close();
  });
  const tail = async (after?: string, limit = 1_000) => audit.tail({ after, limit, poolId: undefined, newest: false }, call);
  const end = async (): Promise<string | undefined> => {
    let next: string | undefined;
    for (;;) {
      const page = await tail(next);
      if (page.records.length === 0) return next;
      next = page.next;
    }
  };

  it('K4: keeps one record a call, however often it is written', async () => {
    const start = await end();
    const one = record();
    await Promise.all([1, 2, 3].map(() => audit.record(one, call)));
    const { records, next } = await tail(start);
    expect(records).toEqual([one]);
    expect((await tail(next)).records).toEqual([]);
  });

  it('shows records of 200 parallel calls in an order that never grows backwards', async () => {
    const start = await end();
    const seen: string[] = [];
    let done = false;
    const reader = (async () => {
      let next = start;
      while (!done || (await tail(next)).records.length > 0) {
        const page = await tail(next, 17);
        seen.push(...page.records.map(({ recordId }) => recordId));
        next = page.next;
      }
    })();
    const all = Array.from({ length: 200 }, () => record());
    await Promise.all(all.map((each) => audit.record(each, call)));
    done = true;
    await reader;
    expect(seen.toSorted()).toEqual(all.map(({ recordId }) => recordId).toSorted());
  });

  it('K6: keeps device and typed name only sealed or hashed', async () => {
    const start = await end();
    await audit.record(record({ sub: undefined, typedName: 'canary-name' }), call);
    const { rows } = await database.db.queryOnce('select record::text as line from audit.record');
    expect(JSON.stringify(rows)).not.toMatch(/canary|192\.0\.2\.77/);
    const [kept] = (await tail(start)).records;
    expect(kept).toMatchObject({ source: '192.0.2.77', userAgent: 'canary-agent/1.0', nameHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(kept?.typedName).toBeUndefined();
  });

  it('looks at no more of a typed name than a name can have', async () => {
    const start = await end();
    const longest = 'a'.repeat(256);
    for (const typedName of [longest, `${longest}${'\u0301\u0316'.repeat(60_000)}`]) await audit.record(record({ sub: undefined, typedName }), call);
    const [one, other] = (await tail(start)).records;
    expect(other?.nameHash).toBe(one?.nameHash);
  });

  it('keeps the record of an erased person, and nothing of the device', async () => {
    const start = await end();
    const mine = record({ sub: 'eve-sub' });
    await audit.record(mine, call);
    await auditConsumer({ erasure: store.erasure }).on['directory.user.deleted']?.({
      id: 'x', type: 'directory.user.deleted', version: 1, source: 'directory', partition: 'p', subject: { poolId, sub: 'eve-sub' }, time: 0, correlationId: 'c',
      operation: 'AdminDeleteUser', data: { poolId, sub: 'eve-sub' },
    }, { transaction: Symbol('none') });
    const { source: _, userAgent: __, ...rest } = mine;
    expect((await tail(start)).records).toEqual([rest]);
  });

  it('takes the record of a call about a person or pool whose key is gone already, without the device: else a bearer of an old token could shut the trail', async () => {
    const start = await end();
    await store.erasure.destroyPerson({ poolId, sub: 'gone-sub' });
    await store.erasure.destroyPool('us-east-1_Gone00000');
    const late = [record({ sub: 'gone-sub' }), record({ sub: undefined, poolId: 'us-east-1_Gone00000' })];
    for (const each of late) await audit.record(each, call);
    expect((await tail(start)).records).toEqual(late.map(({ source: _, userAgent: __, ...rest }) => rest));
  });

  it('K1: makes as many statements for a name that means nobody as for a person, at the first attempt and at the next', async () => {
    let statements = 0;
    const counted = { ...database.db, repeatable: (async (...args) => { statements += 1; return database.db.repeatable(...args); }) as typeof database.db.repeatable };
    await audit.record(record({ sub: 'kim-sub' }), call);
    const { sealing, keys } = postgresServiceStore({ db: counted, service: 'audit', provider: masterKeyProvider(Buffer.alloc(32, 1)), shared: false });
    const fresh = auditService({ trail: postgresTrail({ db: counted }), sealing, keys });
    await fresh.record(record({ sub: undefined, typedName: 'somebody else' }), call); // keys of service, pool and day are found
    const cost = async (over: object) => {
      statements = 0;
      await fresh.record(record(over), call);
      return statements;
    };
    const [person, nobody] = [{ sub: 'kim-sub' }, { sub: undefined, typedName: 'kim' }];
    expect([await cost(person), await cost(person)]).toEqual([2, 1]);
    expect([await cost(nobody), await cost(nobody)]).toEqual([2, 1]);
  });

  it('takes a record of a day without a table', async () => {
    const start = await end();
    await audit.record(record({ at: Date.UTC(2001, 0, 1) }), call);
    expect((await tail(start)).records).toHaveLength(1);
  });

  it('counts rejected calls in one row a minute, source and reason', async () => {
    await Promise.all(Array.from({ length: 20 }, () => audit.countRejected({ source: '192.0.2.78', reason: 'signature' }, call)));
    await audit.countRejected({ source: '192.0.2.79', reason: 'no such reason\n' }, call);
    const { rows } = await database.db.queryOnce<{ reason: string; calls: number }>('select reason, sum(calls)::bigint as calls from audit.rejected group by 1 order by 1');
    expect(rows).toEqual([{ reason: 'other', calls: 1 }, { reason: 'signature', calls: 20 }]);
    expect(JSON.stringify((await database.db.queryOnce('select * from audit.rejected')).rows)).not.toContain('192.0.2');
  });

  it('counts a flood of rejected calls over one connection at a time, and leaves the others to those who are served', async () => {
    let statements = 0;
    let atOnce = 0;
    let most = 0;
    const query = async (...args: Parameters<TestDatabase['db']['query']>) => {
      statements += 1;
      most = Math.max(most, (atOnce += 1));
      try {
        return await database.db.query(...args);
      } finally {
        atOnce -= 1;
      }
    };
    const trail = postgresTrail({ db: { ...database.db, query: query as TestDatabase['db']['query'] } });
    await Promise.all(Array.from({ length: 300 }, (_, n) => trail.countRejected(`flood-${n % 3}`, 'signature')));
    const { rows } = await database.db.queryOnce<{ source: string; calls: number }>(
      `select source_hash as source, sum(calls)::bigint as calls from audit.rejected where source_hash like 'flood%' group by 1 order by 1`);
    expect(rows).toEqual([0, 1, 2].map((n) => ({ source: `flood-${n}`, calls: 100 })));
    expect({ most, few: statements < 10 }).toEqual({ most: 1, few: true });
  });

  it('forgets counts of rejected calls after 90 days, for every address may leave one a minute', async () => {
    await database.db.queryOnce(`insert into audit.rejected (minute, source_hash, reason, calls) values
      (clock_timestamp() - interval '91 days', 'old', 'input', 1), (clock_timestamp() - interval '89 days', 'young', 'input', 1)`);
    await postgresTrail({ db: database.db }).forgetRejected();
    const { rows } = await database.db.queryOnce<{ source: string }>(`select source_hash as source from audit.rejected where source_hash in ('old', 'young')`);
    expect(rows).toEqual([{ source: 'young' }]);
  });

  it('shows the newest in order, and where to go on', async () => {
    const all = [record(), record(), record()];
    for (const each of all) await audit.record(each, call);
    const { records, next } = await audit.tail({ after: undefined, limit: 2, poolId: undefined, newest: true }, call);
    expect(records).toEqual(all.slice(1));
    expect((await tail(next)).records).toEqual([]);
    await expect(audit.tail({ after: next, limit: 2, poolId: undefined, newest: true }, call)).rejects.toMatchObject({ code: 'InvalidParameter' });
  });

  it('refuses a position that it did not give out', async () =>
    expect(tail("1' or '1")).rejects.toMatchObject({ code: 'InvalidParameter' }));

  it('K4: writes the record that a killed process left missing, once, as outcome unknown', async () => {
    const start = await end();
    const had = record();
    await audit.record(had, call);
    const effect = (over: Partial<Effect>): Effect =>
      ({ correlationId: had.correlationId, operation: 'SignUp', caller: { kind: 'anonymous', id: '' }, poolId, sub: 'bob-sub', eventIds: [], at: 1_700_000_000_000, ...over });
    const effects = [effect({ eventIds: ['e1'] }), effect({ correlationId: 'lost', eventIds: ['e2'] }), effect({ correlationId: 'lost', eventIds: ['e3'] })];
    let batches = [effects];
    const needs = { audit, clock: { now: () => epochMillis(Date.now()) }, newId: () => uuidV7(epochMillis(Date.now())), callFor: () => call };
    const source = { name: 'test', next: async () => batches[0] ?? [], done: async () => { batches = batches.slice(1); } };
    expect(await sweepMissingRecords(needs, source)).toBe(1);
    batches = [effects];
    expect(await sweepMissingRecords(needs, source)).toBe(0);
    const { records } = await tail(start);
    expect(records.map(({ correlationId, outcome, eventIds, sub }) => ({ correlationId, outcome, eventIds, sub }))).toEqual([
      { correlationId: had.correlationId, outcome: 'ok', eventIds: ['e1'], sub: 'ada-sub' },
      { correlationId: 'lost', outcome: 'unknown', eventIds: ['e2', 'e3'], sub: 'bob-sub' },
    ]);
  });
});
