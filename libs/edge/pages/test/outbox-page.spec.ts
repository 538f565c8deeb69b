import { describe, expect, it } from '@jest/globals';
import { noEffects, type NotificationPort } from '@rollcall/contracts';
import { epochMillis } from '@rollcall/kernel';
import { fastify } from 'fastify';

import { registerOutboxPage } from '../src/index.js';

const secret = 'a-secret-of-the-start';
let asked = 0;
const notification: NotificationPort = {
  send: async () => ({}),
  outbox: async () => {
    asked += 1;
    return { messages: [{ acceptedAt: 0, message: {
      messageId: 'm', poolId: 'us-east-1_AbCdEf123', channel: 'email', to: 'ada@example.com', purpose: 'sign-up',
      subject: '<script>alert(1)</script>', body: 'Your code is <b>123456</b> & "more"', expiresAt: 1,
    } }] };
  },
};
const app = fastify();
registerOutboxPage(app, {
  notification, secret,
  callFor: (operation) => ({
    correlationId: 'c', operation, deadline: epochMillis(0), caller: { kind: 'operator', id: 'page' }, clientMetadata: {}, effects: noEffects(),
  }),
});
const get = (headers: Record<string, string>, path = `/dev/outbox/${secret}`, remoteAddress = '127.0.0.1') =>
  app.inject({ method: 'GET', url: path, headers, remoteAddress });

describe('the page of the development outbox', () => {
  it.each(['127.0.0.1:9400', 'localhost:9400', '[::1]:9400', 'localhost'])('shows messages to a browser at %s, with nothing in them alive', async (host) => {
    const answer = await get({ host });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(answer.body).toContain('&lt;b&gt;123456&lt;/b&gt; &amp; &quot;more&quot;');
    expect(answer.body).not.toContain('<script>');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it.each([
    ['another host', { host: 'rollcall.example.com' }, undefined, undefined],
    ['a host that only begins like loopback', { host: '127.0.0.1.example.com' }, undefined, undefined],
    ['a forwarded request', { host: 'localhost', 'x-forwarded-for': '192.0.2.1' }, undefined, undefined],
    ['a forwarded request of the standard kind', { host: 'localhost', forwarded: 'for=192.0.2.1' }, undefined, undefined],
    ['a wrong secret', { host: 'localhost' }, '/dev/outbox/a-secret-of-the-stars', undefined],
    ['a longer secret', { host: 'localhost' }, `/dev/outbox/${secret}x`, undefined],
    ['no secret', { host: 'localhost' }, '/dev/outbox/', undefined],
    ['a peer elsewhere', { host: 'localhost' }, undefined, '192.0.2.9'],
  ])('is not there for %s', async (_, headers, path, peer) => {
    asked = 0;
    expect((await get(headers, path, peer)).statusCode).toBe(404);
    expect(asked).toBe(0);
  });
});
