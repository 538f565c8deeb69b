import { repeatedly, type Log, type Repeated, type Time } from '@rollcall/eventing';

import { backgroundCall } from './background-call.js';
import { dropInvitation } from './invitations.js';
import type { AuthenticationNeeds } from './needs.js';
import { sendMessage, type SendingNeeds } from './send-message.js';
import type { DueSending } from './sendings.js';

export type SenderNeeds = SendingNeeds & Pick<AuthenticationNeeds, 'sendings' | 'transactions'> & { readonly time: Time; readonly log: Log };

const BATCH = 20;
/** Longer than the deadlines of all calls that one message makes. */
const HOLD_MILLIS = 60_000;
const POLL_MILLIS = 1_000;
const LONGEST_RETRY_MILLIS = 300_000;

/** One round: what is due is sent. @returns how many messages it took */
export async function sendDue(needs: SenderNeeds): Promise<number> {
  const taken = await needs.sendings.takeDue(BATCH, HOLD_MILLIS);
  // All come to their end before one fails the round: none may be in hand when it is over.
  const [fault] = (await Promise.allSettled(taken.map((due) => sendOne(needs, due)))).filter(({ status }) => status === 'rejected');
  if (fault?.status === 'rejected') throw fault.reason;
  return taken.length;
}

async function sendOne(needs: SenderNeeds, due: DueSending): Promise<void> {
  try {
    await sendMessage(needs, due, backgroundCall(needs.clock, 'SendMessage', due.correlationId));
  } catch (error) {
    const { messageId, kind, attempts } = due;
    needs.log.warn({ error, messageId, kind, attempts }, 'a message could not be handed over');
    return needs.sendings.retryIn(messageId, Math.min(LONGEST_RETRY_MILLIS, 1_000 * 2 ** Math.min(attempts, 20)));
  }
  await needs.transactions.transaction(async (tx) => {
    if (due.kind === 'invitation') await dropInvitation(needs.vault, due, tx);
    await needs.sendings.remove(due.messageId, tx);
  });
}

/** Drains the messages to be sent, several processes side by side: each takes its own by one statement. */
export const messageSender = (needs: SenderNeeds): Repeated => repeatedly(
  needs.time,
  POLL_MILLIS,
  async () => (await sendDue(needs) === BATCH ? 'again' : undefined),
  (error) => needs.log.warn({ error }, 'messages wait: their table cannot be reached'),
);
