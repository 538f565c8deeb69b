import { notificationService, postgresMessages } from '@rollcall/notification';

import { numberOf, optionsOf, type Command } from './command.js';
import { asOperator } from './operator.js';

const MOST = 100;

export const outbox: Command = {
  words: ['outbox'],
  options: '[--to ADDRESS] [--limit N] [--json]',
  about: 'Shows the development outbox: messages that no mail server or web hook took, until their codes expire.',
  async run(args) {
    const { to, limit, json } = optionsOf(args, { to: { type: 'string' }, limit: { type: 'string' }, json: { type: 'boolean' } });
    await asOperator(async ({ db, store, callFor }) => {
      const { sealing } = store('notification');
      const service = notificationService({ messages: postgresMessages({ db, sealing }), transports: {}, wake: () => undefined });
      const { messages } = await service.outbox({ limit: numberOf(limit, 'limit', 20, MOST), to }, callFor('ReadOutbox'));
      for (const { message, acceptedAt } of messages) {
        if (!message) continue;
        if (json) console.log(JSON.stringify({ at: acceptedAt, ...message }));
        else console.log(`${new Date(acceptedAt).toISOString()}  ${message.channel} to ${message.to} (${message.purpose})\n${message.subject === undefined ? '' : `  ${message.subject}\n`}  ${message.body}\n`);
      }
      if (messages.length === 0 && !json) console.log('There are no messages.');
    });
    return 0;
  },
};
