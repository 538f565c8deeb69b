import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createHttpServer, type HttpServer } from '@rollcall/platform-http';
import { nestAdapter, nestLog } from '@rollcall/platform-http/nest';
import { createLogger } from '@rollcall/platform-log';

const lines: string[] = [];
const log = createLogger({ level: 'debug', write: (line) => lines.push(line) });

const agents: Agent[] = [];
const servers: HttpServer[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  for (const server of servers.splice(0)) await server.drain(0);
});

/** A server with a route that answers when told to. */
async function listening() {
  const server = createHttpServer({ log, checks: [] });
  servers.push(server);
  let entered = () => {};
  let answer = () => {};
  const inside = new Promise<void>((resolve) => { entered = resolve; });
  const told = new Promise<void>((resolve) => { answer = resolve; });
  server.fastify.get('/slow', async () => { entered(); await told; return 'done'; });
  await server.fastify.listen({ host: '127.0.0.1', port: 0 });
  return { server, inside, answer, port: (server.fastify.server.address() as AddressInfo).port };
}

function get(port: number, path: string, agent: Agent): Promise<{ status: number | undefined; connection: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    request({ port, path, agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => { body += text; }).on('end', () =>
        resolve({ status: response.statusCode, connection: response.headers.connection, body }));
    }).on('error', reject).end();
  });
}

const keptAlive = () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
};

const raw = async (port: number, text: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (part: string) => { answer += part; });
  socket.end(text);
  await once(socket, 'close');
  return answer;
};

describe('draining', () => {
  it('finishes what is in flight, says goodbye on its connection and takes no new one', async () => {
    const { server, inside, answer, port } = await listening();
    const inFlight = get(port, '/slow', keptAlive());
    await inside;
    const drained = server.drain(60);
    await expect(get(port, '/health/live', keptAlive())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    answer();
    expect(await inFlight).toMatchObject({ status: 200, body: 'done' });
    expect(await drained).toBe('finished');
  });

  it('answers what still comes on an open connection: readiness is gone, the connection closes', async () => {
    const { server, inside, answer, port } = await listening();
    const inFlight = get(port, '/slow', keptAlive());
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('utf8').write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /health/ready HTTP/1.1\r\nHost: x\r\n'); // the second is begun now and finished while draining
    await Promise.all([once(socket, 'data'), inside]);
    const drained = server.drain(60);
    let heard = '';
    socket.on('data', (part: string) => { heard += part; });
    socket.write('\r\n');
    await once(socket, 'close');
    expect(heard).toMatch(/^HTTP\/1\.1 503 /);
    expect(heard).toMatch(/\r\nconnection: close\r\n/i);
    expect(heard).toContain('{"status":"draining"}');
    answer();
    await inFlight;
    expect(await drained).toBe('finished');
  });

  it('does not wait for connections on which nothing happens', async () => {
    const { server, port } = await listening();
    expect((await get(port, '/health/live', keptAlive())).status).toBe(200);
    expect(await server.drain(60)).toBe('finished');
  });

  it('cuts off what does not finish in time', async () => {
    const { server, inside, answer, port } = await listening();
    const inFlight = get(port, '/slow', keptAlive()).catch((error: unknown) => error);
    await inside;
    expect(await server.drain(0)).toBe('cut-off');
    expect(await inFlight).toMatchObject({ code: 'ECONNRESET' });
    answer();
  });
});

describe('bytes that become no request', () => {
  it('are answered in plain words that repeat nothing', async () => {
    const { port } = await listening();
    const answer = await raw(port, 'canary\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('{"message":"Bad Request"}');
    expect(answer).not.toContain('canary');
  });

  it('are refused when headers exceed 16 KiB', async () => {
    const { port } = await listening();
    expect(await raw(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(17_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

class Greeting {
  greet() { return { hello: 'world' }; }
  echo() { return 'read'; }
}
Controller('greeting')(Greeting);
Get()(Greeting.prototype, 'greet', Object.getOwnPropertyDescriptor(Greeting.prototype, 'greet') as PropertyDescriptor);
Post()(Greeting.prototype, 'echo', Object.getOwnPropertyDescriptor(Greeting.prototype, 'echo') as PropertyDescriptor);
class AppModule {}
Module({ controllers: [Greeting] })(AppModule);

describe('Nest on our server', () => {
  it('serves its controllers and keeps our limits, health, 404 and headers', async () => {
    const server = createHttpServer({ log, checks: [] });
    const nest = await NestFactory.create(AppModule, nestAdapter(server), { logger: nestLog(log), abortOnError: false });
    await nest.init();
    const ask = async (method: 'GET' | 'POST', url: string) => {
      const answer = await server.fastify.inject({ method, url, ...(method === 'POST' ? { headers: { 'content-type': 'application/json' }, payload: '{}' } : {}) });
      return [answer.statusCode, answer.json(), answer.headers['x-frame-options']];
    };
    expect(await ask('GET', '/greeting')).toEqual([200, { hello: 'world' }, 'DENY']);
    expect(await ask('POST', '/greeting')).toEqual([415, { message: 'Unsupported Media Type' }, 'DENY']);
    expect(await ask('GET', '/health/ready')).toEqual([200, { status: 'ready', checks: {} }, 'DENY']);
    expect(await ask('GET', '/nowhere')).toEqual([404, { message: 'Not Found' }, 'DENY']);
    expect(await server.drain(60)).toBe('finished');
    await nest.close();
    expect(lines.join('')).toContain('"message":"nest"');
  });
});
