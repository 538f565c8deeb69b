import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { smtpTransport } from '../src/index.js';

const message = {
  messageId: '018f0000-0000-7000-8000-000000000001', poolId: 'us-east-1_AbCdEf123', channel: 'email', to: 'ada@example.com', purpose: 'sign-up',
  subject: 'Your code', body: '123456', expiresAt: Date.now() + 60_000,
};

describe('a mail server that does not take a message', () => {
  let server: Server | undefined;
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server?.close();
  });

  /** A server that greets, and answers each line by the first word that it begins with. */
  async function deliverTo(greeting: string, answers: Readonly<Record<string, string>>, deadlineMillis?: number) {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.write(`${greeting}\r\n`);
      socket.on('data', (chunk) => {
        const line = chunk.toString();
        const known = Object.keys(answers).find((word) => line.startsWith(word));
        socket.write(`${known ? answers[known] : '250 ok'}\r\n`);
      });
    });
    await new Promise<void>((resolve) => { server?.listen(0, '127.0.0.1', resolve); });
    const { port } = server.address() as AddressInfo;
    const transport = smtpTransport({ url: `smtp://user:secret@127.0.0.1:${port}`, from: 'no-reply@example.com', ...(deadlineMillis === undefined ? {} : { deadlineMillis }) });
    return transport.deliver(message).finally(() => transport.close());
  }
  const hello = { EHLO: '250-here\r\n250 AUTH PLAIN', 'AUTH PLAIN': '235 welcome' };

  it('refuses it for good where it refuses its recipient', async () =>
    expect(await deliverTo('220 here', { ...hello, 'RCPT TO': '550 nobody of this name' })).toBe('refused'));

  it('is asked again where it refuses our password: the next one may be right, and no message is lost meanwhile', async () =>
    expect(deliverTo('220 here', { ...hello, 'AUTH PLAIN': '535 wrong' })).rejects.toMatchObject({ responseCode: 535 }));

  it('is asked again where it serves nobody at all', async () =>
    expect(deliverTo('554 closed', {})).rejects.toMatchObject({ responseCode: 554 }));

  it('is asked again where it speaks, and never comes to an end', async () => {
    const talk = setInterval(() => { for (const socket of sockets) socket.write('250-still here\r\n'); }, 10);
    try {
      await expect(deliverTo('220 here', { EHLO: '250-wait' }, 200)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    } finally {
      clearInterval(talk);
    }
  });
});
