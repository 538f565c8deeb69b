import { createHmac } from 'node:crypto';

import type { Clock } from '@rollcall/kernel';

import type { Delivery, Message, Transport } from '../application/messages.js';

const DEADLINE_MILLIS = 10_000;

/**
 * `t=<epoch seconds>,v1=<hex>` with v1 = HMAC-SHA-256(key, t + '.' + body): the receiver checks both the sender and,
 * by t, that it is no old message sent again.
 */
export const webhookSignature = (key: Buffer, epochSeconds: number, body: string): string =>
  `t=${epochSeconds},v1=${createHmac('sha256', key).update(`${epochSeconds}.${body}`).digest('hex')}`;

/**
 * Text messages by a web hook: `POST {to, message, poolId, purpose, messageId}`, signed in `x-rollcall-signature`. Any
 * 2xx means taken; 4xx but 408, 425 and 429 means never; anything else is tried again. Redirects are not followed.
 */
export const smsWebhook = ({ url, key, clock }: { readonly url: string; readonly key: Buffer; readonly clock: Clock }): Transport => ({
  async deliver(message: Message): Promise<Delivery> {
    const body = JSON.stringify({
      to: message.to,
      message: message.body,
      poolId: message.poolId,
      purpose: message.purpose,
      messageId: message.messageId,
    });
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'x-rollcall-signature': webhookSignature(key, Math.floor(clock.now() / 1000), body),
      },
      body,
      signal: AbortSignal.timeout(DEADLINE_MILLIS),
    });
    await response.body?.cancel();
    if (response.ok) return 'delivered';
    const never = response.status >= 400 && response.status < 500 && ![408, 425, 429].includes(response.status);
    return never ? 'refused' : 'try-again';
  },
});
