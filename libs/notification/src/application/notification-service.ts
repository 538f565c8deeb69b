import { refusal, type NotificationPort } from '@rollcall/contracts';

import type { Messages, Transports } from './messages.js';

export interface NotificationNeeds {
  readonly messages: Messages;
  readonly transports: Transports;
  /** Tells the worker that there may be something to deliver. */
  readonly wake: () => void;
}

const OUTBOX_LIMIT = 100;

/** Delivery of messages behind its port: accepting is durable, delivering is the worker's. */
export const notificationService = ({ messages, transports, wake }: NotificationNeeds): NotificationPort => ({
  async send(message) {
    if (message.channel !== 'email' && message.channel !== 'sms') throw refusal('InvalidParameter', { reason: 'channel must be email or sms' });
    const delivers = transports[message.channel] !== undefined;
    await messages.accept(message, delivers);
    if (delivers) wake();
    return {};
  },

  async outbox({ limit, to }) {
    const found = await messages.outbox(Math.min(Math.max(1, limit), OUTBOX_LIMIT), to);
    return { messages: found.map(({ message, acceptedAt }) => ({ message, acceptedAt })) };
  },
});
