import type { Clock } from '@rollcall/kernel';

import { nextAttempt } from '../domain/retry.js';
import type { Delivery, Messages, TakenMessage, Transports, UnreadableMessage } from './messages.js';

export interface WorkerNeeds {
  readonly messages: Messages;
  readonly transports: Transports;
  readonly clock: Clock;
  readonly log: { warn(facts: Readonly<Record<string, unknown>>, text: string): void };
}

const BATCH = 10;
/** Longer than any transport's own deadline, so that a message is never delivered by two workers at once. */
const HOLD_MILLIS = 60_000;
const POLL_MILLIS = 1_000;
const SWEEP_EVERY_MILLIS = 60_000;
const SWEEP_ROWS = 1_000;

/**
 * Delivers due messages, several processes side by side: each takes its own by one statement. At least once: a process
 * that dies between delivering and saying so leaves the message to be delivered again.
 */
export function deliveryWorker(needs: WorkerNeeds) {
  let stopped = false;
  let asked = false;
  let wakeUp: () => void = () => undefined;
  let sweptAt = 0;

  const sleep = () => new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, POLL_MILLIS);
    wakeUp = () => { clearTimeout(timer); resolve(); };
    if (asked || stopped) wakeUp();
  });

  const run = async () => {
    while (!stopped) {
      asked = false;
      try {
        const taken = await needs.messages.takeDue(BATCH, HOLD_MILLIS);
        // All come to their end before one fails the round: none may be in hand when it is over.
        const [fault] = (await Promise.allSettled(taken.map((message) => deliver(needs, message)))).filter(({ status }) => status === 'rejected');
        if (fault?.status === 'rejected') throw fault.reason;
        if (taken.length === BATCH) continue;
        if (needs.clock.now() - sweptAt > SWEEP_EVERY_MILLIS) {
          sweptAt = needs.clock.now();
          while (await needs.messages.sweep(SWEEP_ROWS) === SWEEP_ROWS && !stopped);
        }
      } catch (error) {
        needs.log.warn({ error }, 'messages wait: their table cannot be reached');
      }
      await sleep();
    }
  };
  const running = run();

  return {
    wake() {
      asked = true;
      wakeUp();
    },
    /** Finishes the deliveries in hand. */
    async stop() {
      stopped = true;
      wakeUp();
      await running;
    },
  };
}

/** One delivery and what follows from it; a fault is written down and tried again. */
async function deliver({ messages, transports, clock, log }: WorkerNeeds, taken: TakenMessage | UnreadableMessage): Promise<void> {
  if ('fault' in taken) {
    const { messageId, attempts, fault: error } = taken;
    log.warn({ messageId, attempts, error }, 'a message could not be read');
    return messages.retryAt(messageId, nextAttempt(attempts, clock.now()));
  }
  const { message, attempts } = taken;
  const facts = { messageId: message.messageId, channel: message.channel, purpose: message.purpose, attempts };
  let outcome: Delivery = 'try-again';
  try {
    const transport = transports[message.channel as 'email' | 'sms'];
    if (transport) outcome = await transport.deliver(message);
    if (outcome === 'try-again') log.warn(facts, 'a message was not taken yet');
  } catch (error) {
    log.warn({ ...facts, code: codeOf(error) }, 'a message could not be delivered');
  }
  if (outcome === 'delivered') return messages.delivered(message.messageId);
  if (outcome === 'refused') {
    log.warn(facts, 'a message was refused for good');
    return messages.failed(message.messageId);
  }
  return messages.retryAt(message.messageId, nextAttempt(attempts, clock.now()));
}

/** Why a transport failed, in a word; `fetch` hides it in the cause. */
const codeOf = (error: unknown): unknown => {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  return code ?? cause?.code;
};
