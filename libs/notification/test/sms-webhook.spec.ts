import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { epochMillis } from '@rollcall/kernel';

import { smsWebhook } from '../src/adapters/sms-webhook.js';

const key = Buffer.alloc(32, 7);
const message = {
  messageId: '018f0000-0000-7000-8000-000000000001', poolId: 'us-east-1_AbCdEf123', sub: 'x', channel: 'sms', to: '+15550100',
  purpose: 'sign-up', body: 'Your code is 123456', expiresAt: 0,
};

describe('the web hook for text messages', () => {
  let status = 200;
  let got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  beforeEach(async () => { got = []; await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)); });
  afterEach(async () => { await new Promise((resolve) => server.close(resolve)); });
  const hook = () => smsWebhook({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`, key, clock: { now: () => epochMillis(1_700_000_000_500) },
  });

  it('posts exactly the documented members, signed with the time', async () => {
    status = 204;
    await expect(hook().deliver(message)).resolves.toBe('delivered');
    expect(JSON.parse(got[0]?.body ?? '')).toEqual({
      to: '+15550100', message: 'Your code is 123456', poolId: 'us-east-1_AbCdEf123', purpose: 'sign-up', messageId: message.messageId,
    });
    const mac = createHmac('sha256', key).update(`1700000000.${got[0]?.body}`).digest('hex');
    expect(got[0]?.headers['x-rollcall-signature']).toBe(`t=1700000000,v1=${mac}`);
  });

  it.each([
    [400, 'refused'], [403, 'refused'], [404, 'refused'],
    [302, 'try-again'], [408, 'try-again'], [429, 'try-again'], [500, 'try-again'], [503, 'try-again'],
  ] as const)('takes %i as %s, and follows no redirect', async (answer, outcome) => {
    status = answer;
    await expect(hook().deliver(message)).resolves.toBe(outcome);
    expect(got).toHaveLength(1);
  });
});
