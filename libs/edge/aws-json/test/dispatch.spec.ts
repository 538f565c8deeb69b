import { DomainError, epochMillis } from '@rollcall/kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { dispatcher, type AuditEntry } from '../src/index.js';
import { anyJson, facts, library, now, principal, read, rows, service } from './library-service.js';

const lend = { UserPoolId: 'us-east-1_Books' };
const browse = { ClientId: 'reader', Username: 'ada@example.com' };
const uuid = /^[\da-f]{8}-[\da-f]{4}-[47][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('an answer', () => {
  it('bears the request id, the date, the type and what browsers need', async () => {
    const { send, taken } = library();
    const answer = await send('Browse', browse, { unsigned: true });
    expect(answer).toEqual({
      status: 200,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-RequestId': taken[0]?.call['correlationId'],
        date: 'Tue, 24 Nov 2026 12:00:00 GMT',
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'x-amzn-RequestId, x-amzn-ErrorType, x-amzn-ErrorMessage, Date',
      },
      body: '{}',
    });
    expect(taken[0]?.call['correlationId']).toMatch(uuid);
  });

  it('names an error in the header and in the body', async () => {
    const { send } = library();
    const answer = await send('Nothing', {});
    expect(answer.headers['x-amzn-ErrorType']).toBe('UnknownOperationException');
    expect(read(answer)).toEqual([400, { __type: 'UnknownOperationException', message: 'The requested operation is not known.' }]);
  });

  it('holds what the model names and nothing else', async () => {
    const { send } = library({ take: async () => ({ Title: 'Emma', Secret: 'x', Due: 1_700_000_000, Cover: new Uint8Array([1, 2]), Extra: { any: ['thing'] }, Tags: { a: 'b' }, Lists: [{ Name: 'Ada', Age: 36 }] }) });
    expect(read(await send('LendBook', lend))).toEqual([200, { Title: 'Emma', Due: 1_700_000_000, Cover: 'AQI=', Extra: { any: ['thing'] }, Tags: { a: 'b' }, Lists: [{ Name: 'Ada' }] }]);
    expect((await send('Continue', { Session: 'session' }, { unsigned: true })).body).toBe('{}');
  });

  it.each([
    ['no target', undefined, {}],
    ["another service's target", 'OtherService.LendBook', {}],
    ['a target with more behind', 'LibraryService.LendBook.Now', {}],
    ['another content type', 'LibraryService.LendBook', { contentType: 'application/json' }],
    ['a form', 'LibraryService.LendBook', { contentType: 'application/x-amz-json-1.10' }],
    ['another method', 'LibraryService.LendBook', { method: 'PUT' }],
  ])('to %s is that the operation is unknown', async (_what, target, how) => {
    const { send, taken, rejected } = library();
    const answer = await send('LendBook', lend, { ...how, headers: target === undefined ? { 'x-amz-target': '' } : { 'x-amz-target': target } });
    expect(read(answer)[1]).toEqual({ __type: 'UnknownOperationException', message: 'The requested operation is not known.' });
    expect([taken, rejected]).toEqual([[], [['192.0.2.7', 'operation']]]);
  });

  it('to an operation without a row is that it is not offered', async () => {
    const { send, rejected, records } = library();
    expect(read(await send('BurnBook', browse))).toEqual([400, { __type: 'OperationNotEnabledException', message: 'Rollcall does not offer BurnBook yet.' }]);
    expect([rejected, records]).toEqual([[['192.0.2.7', 'operation']], []]);
  });

  it('takes a content type with a parameter', async () => {
    const { send } = library();
    expect((await send('Browse', browse, { unsigned: true, contentType: 'application/x-amz-json-1.1; charset=utf-8' })).status).toBe(200);
  });
});

describe('who calls', () => {
  it('is nobody in a public operation, signed or not, well or badly', async () => {
    for (const how of [{ unsigned: true }, {}, { secret: 'wrong' }, { tampered: { authorization: 'Bearer x' } }]) {
      const { send, taken } = library();
      expect((await send('Browse', browse, how)).status).toBe(200);
      expect(taken[0]?.call).toMatchObject({ caller: { kind: 'anonymous', id: '' }, signer: undefined, principal: undefined });
    }
  });

  it('is the user of the access token', async () => {
    const { send, taken } = library();
    expect((await send('MyBooks', { AccessToken: 'good-token' }, { unsigned: true })).status).toBe(200);
    expect(taken[0]?.call).toMatchObject({ caller: { kind: 'user', id: principal.sub }, principal });
  });

  it.each([['bad-token', 'AccessTokenInvalid'], ['revoked-token', 'AccessTokenRevoked']])('is nobody with a %s, and no row is called', async (AccessToken, code) => {
    for (const operation of ['MyBooks', 'Continue']) {
      const { send, taken } = library();
      expect(read(await send(operation, { AccessToken, Session: 'session' }, { unsigned: true }))[1]).toMatchObject({ __type: 'NotAuthorizedException', message: expect.stringContaining(code) });
      expect(taken).toEqual([]);
    }
  });

  it('may be left to the Session, where the operation takes one', async () => {
    const { send, taken } = library();
    expect((await send('Continue', { Session: 'session' }, { unsigned: true })).status).toBe(200);
    expect(taken[0]?.call).toMatchObject({ caller: { kind: 'anonymous' }, principal: undefined });
    expect(read(await send('Continue', {}, { unsigned: true }))[1]).toMatchObject({ __type: 'NotAuthorizedException' });
    expect(taken).toHaveLength(1);
  });

  it.each([
    ['without a mode', { LendBook: { ...rows.LendBook, mode: undefined as never } }],
    ['more open than the model', { LendBook: { ...rows.LendBook, mode: 'public' as const } }],
    ['signed although the model asks for no signature', { Browse: { ...rows.Browse, mode: 'sigv4' as const } }],
    ['unknown to the model', { Steal: rows.LendBook }],
  ])('must be asked: a row %s stops the start (abuse J6)', (_what, wrong) =>
    expect(() => dispatcher({ ...service, rows: wrong }, library().needs)).toThrow(TypeError));
});

describe('the context of a call', () => {
  it('says where it came from, until when it counts, and what the client says of itself', async () => {
    const { send, taken } = library();
    await send('Browse', { ...browse, ClientMetadata: { k: 'vv' } }, { unsigned: true, headers: { 'user-agent': 'sdk/1', 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' } });
    expect(taken[0]?.call).toMatchObject({
      operation: 'Browse', source: '192.0.2.7', userAgent: 'sdk/1', deadline: now + 10_000, clientMetadata: { k: 'vv' }, requestKey: undefined, effects: { eventIds: [] },
    });
  });

  it('has a request key that follows from caller, invocation, operation and body', async () => {
    const keyOf = async (operation: string, body: object, invocation: string | undefined, unsigned = true) => {
      const { send, taken } = library();
      await send(operation, body, { unsigned, headers: invocation === undefined ? {} : { 'amz-sdk-invocation-id': invocation, 'amz-sdk-request': `attempt=${Math.random()}` } });
      return taken[0]?.call['requestKey'];
    };
    const key = await keyOf('Browse', browse, 'one');
    expect(key).toMatch(/^[\da-f]{64}$/);
    expect(await keyOf('Browse', browse, 'one')).toBe(key);
    expect(await keyOf('Browse', browse, 'two')).not.toBe(key);
    expect(await keyOf('Browse', { ...browse, Username: 'eve' }, 'one')).not.toBe(key);
    expect(await keyOf('Continue', { Session: 'session' }, 'one')).not.toBe(await keyOf('Continue', { Session: 'session', AccessToken: 'good-token' }, 'one'));
    expect(await keyOf('Browse', browse, undefined)).toBeUndefined();
    expect(await keyOf('Browse', browse, '')).toBeUndefined();
    expect(await keyOf('Browse', browse, 'x'.repeat(129))).toBeUndefined();
  });
});

describe('an error', () => {
  it('of the domain is told as one that the operation lists', async () => {
    const { send } = library({ take: async () => { throw new DomainError('ClientNotFound', { clientId: 'reader' }); } });
    expect(read(await send('Browse', browse, { unsigned: true }))).toEqual([400, { __type: 'ResourceNotFoundException', message: 'ClientNotFound {"clientId":"reader"}' }]);
    expect(read(await send('LendBook', lend))).toEqual([400, { __type: 'InvalidParameterException', message: 'ClientNotFound {"clientId":"reader"}' }]);
  });

  it('of the server is 500', async () => {
    const { send, logged } = library({ take: async () => { throw new DomainError('Unavailable'); } });
    expect(read(await send('Browse', browse, { unsigned: true }))).toEqual([500, { __type: 'InternalErrorException', message: 'Unavailable {}' }]);
    expect(logged).toMatchObject([{ operation: 'Browse', cause: 'Unavailable' }]);
  });

  it.each([
    ['an unknown exception', new RangeError('c4n4ry@example.com is too old')],
    ['a code that nobody mapped', new DomainError('c4n4ry')],
    ['what is not even an error', 'c4n4ry'],
    ['nothing', undefined],
  ])('that is %s says nothing, and logs where it happened without what it said (abuse K6)', async (_what, thrown) => {
    const { send, logged, records } = library({ take: async () => { throw thrown; } });
    const answer = await send('Browse', browse, { unsigned: true });
    expect(read(answer)).toEqual([500, { __type: 'InternalErrorException', message: 'Internal error' }]);
    expect(logged).toMatchObject([{ requestId: answer.headers['x-amzn-RequestId'], operation: 'Browse' }]);
    expect(JSON.stringify([answer, logged]).replace('"cause":"c4n4ry"', '')).not.toMatch(/c4n4ry/);
    expect(records).toHaveLength(1);
  });
});

describe('the audit (abuse K4)', () => {
  const effects = (eventIds: string[], sub?: string) => async (_input: unknown, call: unknown) => {
    const { effects: done } = call as { effects: { sub?: string; eventIds: string[] } };
    if (sub) done.sub = sub;
    done.eventIds.push(...eventIds);
    return {};
  };

  it('has the record before the answer leaves', async () => {
    let written = false;
    const { send, records } = library({
      take: effects(['e1'], 'ada'),
      audit: { open: () => true, countRejected: () => undefined, record: async (entry) => { await Promise.resolve(); records.push(entry); written = true; } },
    });
    const answer = await send('Browse', browse, { unsigned: true, headers: { 'user-agent': 'sdk/1' } });
    expect(written).toBe(true);
    expect(records).toEqual([{
      recordId: expect.stringMatching(uuid), at: now, correlationId: answer.headers['x-amzn-RequestId'], operation: 'Browse', outcome: 'ok', caller: { kind: 'anonymous', id: '' },
      poolId: undefined, clientId: 'reader', sub: 'ada', typedName: undefined, eventIds: ['e1'], source: '192.0.2.7', userAgent: 'sdk/1',
    }]);
  });

  it.each<[string, Parameters<ReturnType<typeof library>['send']>, Partial<AuditEntry>]>([
    ['a refusal by a row', ['LendBook', lend], { outcome: 'TooManyAttempts', poolId: 'us-east-1_Books', caller: { kind: 'administrator', id: 'AKIDEXAMPLE' } }],
    ['a refusal of an unknown name', ['Browse', browse, { unsigned: true }], { outcome: 'TooManyAttempts', clientId: 'reader', sub: undefined, typedName: 'ada@example.com' }],
    ["a signer's bad input", ['LendBook', {}], { outcome: 'InvalidParameterException', caller: { kind: 'administrator', id: 'AKIDEXAMPLE' } }],
    ["a signer's pool of another region", ['LendBook', { UserPoolId: 'eu-west-1_Books' }], { outcome: 'PoolNotFound', poolId: undefined }],
    ['a token that was good once', ['MyBooks', { AccessToken: 'revoked-token' }, { unsigned: true }], { outcome: 'AccessTokenRevoked', poolId: principal.poolId, sub: principal.sub }],
    ['a good token', ['MyBooks', { AccessToken: 'good-token' }, { unsigned: true }], { outcome: 'TooManyAttempts', sub: principal.sub, poolId: principal.poolId, clientId: principal.clientId }],
  ])('records %s', async (_what, sent, entry) => {
    const { send, records, rejected } = library({ take: async () => { throw new DomainError('TooManyAttempts'); } });
    await send(...sent);
    expect(records).toEqual([expect.objectContaining(entry)]);
    expect(rejected).toEqual([]);
  });

  it.each<[string, Parameters<ReturnType<typeof library>['send']>, string]>([
    ['a bad signature', ['LendBook', lend, { secret: 'wrong' }], 'signature'],
    ['a bad body', ['Browse', '{', { unsigned: true }], 'input'],
    ['a bad input', ['Browse', {}, { unsigned: true }], 'input'],
    ['a bad token', ['MyBooks', { AccessToken: 'bad-token' }, { unsigned: true }], 'token'],
    ['an unknown client', ['Browse', browse, { unsigned: true }], 'pool-or-client'],
  ])('counts %s by source', async (_what, sent, reason) => {
    const { send, records, rejected } = library({ take: async () => { throw new DomainError('ClientNotFound', { clientId: 'reader' }); } });
    await send(...sent);
    expect(rejected).toEqual([['192.0.2.7', reason]]);
    expect(records).toEqual([]);
  });

  it('records what changed something even where the client is gone by now', async () => {
    const { send, records } = library({
      take: async (input, call) => {
        await effects(['e1'])(input, call);
        throw new DomainError('ClientNotFound', { clientId: 'reader' });
      },
    });
    await send('Browse', browse, { unsigned: true });
    expect(records).toEqual([expect.objectContaining({ outcome: 'ClientNotFound', clientId: undefined, eventIds: ['e1'], typedName: undefined })]);
  });

  it('lets nothing happen while its gate is shut', async () => {
    const asked: string[] = [];
    const { send, taken } = library({ audit: { open: () => false, record: async () => { asked.push('record'); }, countRejected: (_source, reason) => asked.push(reason) } });
    for (const answer of [await send('LendBook', lend), await send('Browse', browse, { unsigned: true })]) {
      expect(read(answer)).toEqual([500, { __type: 'InternalErrorException', message: 'Unavailable {"what":"audit"}' }]);
    }
    expect([taken, asked]).toEqual([[], ['audit', 'audit']]);
  });

  it('is tried again with the same record, and only then answered', async () => {
    const tried: string[] = [];
    const { send } = library({
      audit: { open: () => true, countRejected: () => undefined, record: async ({ recordId }) => { if (tried.push(recordId) < 3) throw new Error('down'); } },
    });
    expect((await send('LendBook', lend)).status).toBe(200);
    expect(new Set(tried).size).toBe(1);
    expect(tried).toHaveLength(3);
  });

  it.each(['fails', 'hangs'])('answers 500 when it %s until the deadline, whatever the outcome was', async (how) => {
    // The clock runs on by itself, so that the deadline comes without waiting for it.
    let at: number = now;
    const { send, taken, logged } = library({
      clock: { now: () => epochMillis((at += 9_000)) },
      audit: { open: () => true, countRejected: () => undefined, record: () => (how === 'hangs' ? new Promise<void>(() => undefined) : Promise.reject(new Error('down'))) },
    });
    expect(read(await send('Browse', browse, { unsigned: true }))).toEqual([500, { __type: 'InternalErrorException', message: 'Internal error' }]);
    expect(taken).toHaveLength(1);
    expect(logged).toMatchObject([{ cause: 'Unavailable' }]);
  });
});

describe('whatever is sent', () => {
  const operations = fc.constantFrom(...Object.keys(facts.operations), 'Nothing', '__proto__');

  it('never makes a 5xx, and nothing that breaks the model reaches a row', async () => {
    await fc.assert(fc.asyncProperty(operations, anyJson, fc.boolean(), async (operation, value, unsigned) => {
      const { send, taken } = library();
      const { status } = await send(operation, value, { unsigned });
      expect(status).toBeLessThan(500);
      for (const { input } of taken) expect((input as { UserPoolId?: unknown; ClientId?: unknown }).UserPoolId ?? (input as { ClientId?: unknown }).ClientId ?? 'none').toEqual(expect.any(String));
    }), { numRuns: 300 });
  });

  it('never makes a 5xx with members of wrong types and sizes', async () => {
    const value = fc.oneof(anyJson, fc.string(), fc.integer(), fc.double(), fc.constant('x'.repeat(200_000)), fc.constant(Array.from({ length: 2_000 }, () => null)));
    const body = fc.record(Object.fromEntries(Object.keys(facts.shapes['LendBookRequest']?.members ?? {}).map((member) => [member, value])), { requiredKeys: [] });
    await fc.assert(fc.asyncProperty(body, async (input) => {
      const { send } = library();
      const answer = await send('LendBook', { ...lend, ...input });
      expect(answer.status).toBeLessThan(500);
      expect(answer.body.length).toBeLessThan(20_000);
    }), { numRuns: 100 });
  });

  it('never makes a 5xx with any bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), operations, async (bytes, operation) => {
      expect((await library().send(operation, bytes)).status).toBeLessThan(500);
    }), { numRuns: 200 });
  });
});
