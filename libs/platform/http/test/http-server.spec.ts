import { describe, expect, it } from '@jest/globals';
import { createHttpServer, type ReadinessCheck } from '@rollcall/platform-http';
import { createLogger } from '@rollcall/platform-log';

const serving = (options: { checks?: readonly ReadinessCheck[]; bodyLimitBytes?: number; https?: boolean } = {}) => {
  const lines: string[] = [];
  const server = createHttpServer({ checks: [], ...options, log: createLogger({ level: 'debug', write: (line) => lines.push(line) }) });
  return { server, app: server.fastify, logged: () => lines.join('') };
};
const passing = (name: string): ReadinessCheck => ({ name, deadlineMillis: 10_000, run: async () => {} });

describe('health', () => {
  it('lives as soon as it answers', async () => {
    const answer = await serving().app.inject('/health/live');
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'live' }]);
  });

  it('is ready when every check passes', async () => {
    const answer = await serving({ checks: [passing('database'), passing('keys')] }).app.inject('/health/ready');
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ready', checks: { database: 'ok', keys: 'ok' } }]);
  });

  it('is not ready when one fails, and says which, but not why', async () => {
    const broken: ReadinessCheck = { ...passing('database'), run: async () => { throw Object.assign(new Error('password of rollcall'), { code: '28P01' }); } };
    const { app, logged } = serving({ checks: [broken, passing('keys')] });
    const answer = await app.inject('/health/ready');
    expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'not ready', checks: { database: 'failed', keys: 'ok' } }]);
    expect(logged()).toContain('28P01');
    expect(logged()).not.toContain('password of');
  });

  it('is not ready when a check does not answer in time, and tells it to stop', async () => {
    let told: AbortSignal | undefined;
    const hanging: ReadinessCheck = { name: 'database', deadlineMillis: 1, run: (signal) => { told = signal; return new Promise(() => {}); } };
    const answer = await serving({ checks: [hanging] }).app.inject('/health/ready');
    expect(answer.json()).toEqual({ status: 'not ready', checks: { database: 'failed' } });
    expect(told?.aborted).toBe(true);
  });

  it('looks once for twenty who ask at the same time, and again for who asks later', async () => {
    let looks = 0;
    let open = () => {};
    const gate = new Promise<void>((resolve) => { open = resolve; });
    const { app } = serving({ checks: [{ name: 'database', deadlineMillis: 10_000, run: () => { looks += 1; return gate; } }] });
    const asked = Array.from({ length: 20 }, () => app.inject('/health/ready'));
    await app.ready();
    await new Promise(setImmediate);
    open();
    expect((await Promise.all(asked)).every(({ statusCode }) => statusCode === 200)).toBe(true);
    expect(looks).toBe(1);
    await app.inject('/health/ready');
    expect(looks).toBe(2);
  });
});

describe('what no edge answers', () => {
  it('is not found, in words that repeat nothing', async () => {
    const answer = await serving().app.inject({ method: 'POST', url: '/canary?x=canary' });
    expect([answer.statusCode, answer.json()]).toEqual([404, { message: 'Not Found' }]);
    expect(answer.payload + JSON.stringify(answer.headers)).not.toContain('canary');
  });

  it.each(['/%zz-canary', '/%canary'])('is refused at %s as a bad request, with all headers', async (url) => {
    const answer = await serving().app.inject(url);
    expect([answer.statusCode, answer.json()]).toEqual([400, { message: 'Bad Request' }]);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('is an internal error where a route fails, and the reason is in the log without its message', async () => {
    const { app, logged } = serving();
    app.get('/fails', () => { throw Object.assign(new Error('canary'), { statusCode: 418, code: 'E_ODD' }); });
    const answer = await app.inject('/fails');
    expect([answer.statusCode, answer.json()]).toEqual([500, { message: 'Internal Server Error' }]);
    expect(logged()).toContain('E_ODD');
    expect(logged()).not.toContain('canary');
  });

  it('is no body that no edge has a parser for', async () => {
    const { app } = serving();
    app.post('/', () => 'read');
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await app.inject({ method: 'POST', url: '/', headers: { 'content-type': type }, payload: '{}' });
      expect([answer.statusCode, answer.json()]).toEqual([415, { message: 'Unsupported Media Type' }]);
    }
  });

  it('is no body above the limit', async () => {
    const { app } = serving({ bodyLimitBytes: 10 });
    app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    app.post('/', () => 'read');
    const post = async (payload: string) => (await app.inject({ method: 'POST', url: '/', headers: { 'content-type': 'text/plain' }, payload })).statusCode;
    expect([await post('x'.repeat(10)), await post('x'.repeat(11))]).toEqual([200, 413]);
  });
});

describe('every answer', () => {
  it('forbids to store, frame, guess and refer', async () => {
    const { headers } = await serving().app.inject('/health/live');
    expect(headers).toMatchObject({
      'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('asks for https where clients come by it', async () =>
    expect((await serving({ https: true }).app.inject('/health/live')).headers['strict-transport-security']).toBe('max-age=31536000'));

  it('leaves an edge its own headers', async () => {
    const { app } = serving();
    app.get('/keys', (_request, reply) => reply.header('cache-control', 'public, max-age=60').send('{}'));
    expect((await app.inject('/keys')).headers['cache-control']).toBe('public, max-age=60');
  });

  it('goes by the address of the peer, whatever headers say', async () => {
    const { app } = serving();
    app.get('/me', (request) => `${request.ip} ${request.host} ${request.protocol}`);
    const answer = await app.inject({
      url: '/me', remoteAddress: '192.0.2.1',
      headers: { host: 'id.example', 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    });
    expect(answer.payload).toBe('192.0.2.1 id.example http');
  });
});
