import { setTimeout as sleep } from 'node:timers/promises';

import { createTransport } from 'nodemailer';

import type { Delivery, Message, Transport } from '../application/messages.js';

/** Of one step: a server that falls silent. */
const SILENCE_MILLIS = 20_000;
/** Of all steps together, below the worker's hold: each of them may take its time. */
const DEADLINE_MILLIS = 45_000;

/**
 * 5xx answers of SMTP mean that the same message will never be taken (RFC 5321 section 4.2.1), where they are given to its
 * addresses or its content. Given to our greeting or our password they are about us: that can be put right.
 */
const isPermanent = (error: unknown): boolean => {
  const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && typeof responseCode === 'number' && responseCode >= 500 && responseCode <= 599;
};

/**
 * E-mail through an SMTP server. The message id becomes the Message-ID, so that a repeated delivery can be recognised.
 *
 * @param url `smtp://user:password@host:port` or `smtps://...`
 * @param from sender used where the pool names none
 */
export function smtpTransport(
  { url, from, deadlineMillis = DEADLINE_MILLIS }: { readonly url: string; readonly from: string; readonly deadlineMillis?: number },
): Transport & { close(): void } {
  const { protocol, hostname, port, username, password } = new URL(url);
  const transport = createTransport({
    host: hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    secure: protocol === 'smtps:',
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: SILENCE_MILLIS / 2,
    greetingTimeout: SILENCE_MILLIS / 2,
    socketTimeout: SILENCE_MILLIS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async deliver(message: Message): Promise<Delivery> {
      const sender = message.from ?? from;
      try {
        await within(deadlineMillis, transport.sendMail({
          messageId: `<${message.messageId}@${domainOf(sender)}>`,
          from: sender,
          to: { name: '', address: message.to },
          ...(message.replyTo ? { replyTo: message.replyTo } : {}),
          subject: message.subject ?? '',
          html: message.body,
          text: textOf(message.body),
        }));
        return 'delivered';
      } catch (error) {
        if (isPermanent(error)) return 'refused';
        throw error;
      }
    },
    close: () => transport.close(),
  };
}

/** @throws {Error} `ETIMEDOUT` when the time is over; the work goes on, and nobody listens to its outcome */
async function within<T>(millis: number, work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const tooLate = sleep(millis, undefined, { signal: late.signal }).then(
    () => Promise.reject(Object.assign(new Error('the mail server took too long'), { code: 'ETIMEDOUT' })),
    () => work,
  );
  return Promise.race([work, tooLate]).finally(() => late.abort());
}

const domainOf = (sender: string): string => /@([^\s>]+)/.exec(sender)?.[1] ?? 'localhost';

/** A plain-text part for readers that show no HTML. */
const textOf = (html: string): string => html
  .replace(/<br\s*\/?>|<\/p>/gi, '\n')
  .replace(/<[^>]*>/g, '')
  .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
