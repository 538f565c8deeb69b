import { once } from 'node:events';
import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fastify from 'fastify';

import { awsJsonRoutes, dispatcher } from '../src/index.js';
import { library, service } from './library-service.js';

const exposed = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-amzn-RequestId, x-amzn-ErrorType, x-amzn-ErrorMessage, Date' };
const json = { 'content-type': 'application/x-amz-json-1.1' };

describe('the routes', () => {
  const { needs, taken, rejected } = library();
  const app = fastify({ bodyLimit: 100 });
  let base = '';
  beforeAll(async () => {
    app.post('/other', async (request) => ({ parsed: request.body }));
    await app.register(awsJsonRoutes({ dispatchers: [dispatcher(service, needs)], audit: needs.audit, clock: needs.clock, maxBodyBytes: 2_000 }));
    base = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => app.close());

  const post = async (body: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(base, { method: 'POST', body, headers: { ...json, 'x-amz-target': 'LibraryService.Browse', ...headers } });
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  };

  it('answer a preflight for everything that clients send', async () => {
    const answer = await fetch(base, { method: 'OPTIONS', headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' } });
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...exposed,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, x-amz-target, x-amz-user-agent, amz-sdk-invocation-id, amz-sdk-request, cache-control, authorization, x-amz-date, x-amz-content-sha256, x-amz-security-token',
      'access-control-max-age': '172800',
    });
  });

  it('pass the bytes and the peer on, and forward no address that a header claims', async () => {
    const answer = await post('{ "ClientId" : "reader" }', { 'x-forwarded-for': '203.0.113.9' });
    expect([answer.status, answer.body]).toEqual([200, '{}']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({ ...exposed, ...json, date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'x-amzn-requestid': taken.at(-1)?.call['correlationId'] });
    expect(taken.at(-1)?.call['source']).toBe('127.0.0.1');
  });

  it('read bodies up to their own limit and no further', async () => {
    expect((await post(JSON.stringify({ ClientId: 'reader', More: 'x'.repeat(1_900) }))).status).toBe(200);
    const answer = await post(JSON.stringify({ ClientId: 'reader', More: 'x'.repeat(2_000) }));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([400, { __type: 'RequestEntityTooLargeException', message: 'The request is larger than 2000 bytes.' }]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({ ...exposed, 'x-amzn-errortype': 'RequestEntityTooLargeException' });
    expect(rejected.at(-1)).toEqual(['127.0.0.1', 'size']);
  });

  it.each(['text/plain', 'application/json', 'application/x-www-form-urlencoded', 'nonsense'])('know no operation of type %s', async (type) => {
    const answer = await post('{"ClientId":"reader"}', { 'content-type': type });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([400, { __type: 'UnknownOperationException', message: 'The requested operation is not known.' }]);
  });

  it('know no operation without a type and a body', async () => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    socket.end('POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    let text = '';
    socket.on('data', (data) => { text += String(data); });
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*UnknownOperationException/);
  });

  it('leave the parsers of other routes alone', async () => {
    const answer = await fetch(`${base}/other`, { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } });
    expect(await answer.json()).toEqual({ parsed: { a: 1 } });
  });
});
