import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A text message as the web hook got it. */
export interface TextMessage {
  readonly to: string;
  readonly message: string;
  readonly poolId: string;
  readonly purpose: string;
  readonly messageId: string;
}

export interface Posted {
  readonly text: TextMessage;
  /** Whether `x-rollcall-signature` is by this key, over this body, and no older than five minutes. */
  isSignedBy(key: Buffer): boolean;
}

/** A web hook for text messages that keeps what it is sent. */
export interface SmsReceiver {
  readonly url: string;
  /** Everything that came, repeats too. */
  readonly posted: readonly Posted[];
  close(): Promise<void>;
}

/** @param statusOf the answer to the n-th request, from 0 */
export async function smsReceiver(statusOf: (n: number) => number = () => 204): Promise<SmsReceiver> {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      const signature = String(request.headers['x-rollcall-signature']);
      response.writeHead(statusOf(posted.length)).end();
      posted.push({ text: JSON.parse(body) as TextMessage, isSignedBy: (key) => isSigned(signature, body, key) });
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`,
    posted,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function isSigned(signature: string, body: string, key: Buffer): boolean {
  const [, seconds = '', mac] = /^t=(\d+),v1=([\da-f]{64})$/.exec(signature) ?? [];
  const fresh = Math.abs(Date.now() / 1_000 - Number(seconds)) < 300;
  return fresh && mac === createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
}
