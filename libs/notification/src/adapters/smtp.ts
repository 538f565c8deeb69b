import { createTransport } from 'nodemailer';

import type { Delivery, Message, Transport } from '../application/messages.js';

const DEADLINE_MILLIS = 20_000;

/** 5xx answers of SMTP mean that the same message will never be taken (RFC 5321 section 4.2.1). */
const isPermanent = (error: unknown): boolean => {
  const code = (error as { responseCode?: unknown }).responseCode;
  return typeof code === 'number' && code >= 500 && code <= 599;
};

/**
 * E-mail through an SMTP server. The message id becomes the Message-ID, so that a repeated delivery can be recognised.
 *
 * @param url `smtp://user:password@host:port` or `smtps://...`
 * @param from sender used where the pool names none
 */
export function smtpTransport({ url, from }: { readonly url: string; readonly from: string }): Transport & { close(): void } {
  const { protocol, hostname, port, username, password } = new URL(url);
  const transport = createTransport({
    host: hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    secure: protocol === 'smtps:',
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: DEADLINE_MILLIS / 2,
    greetingTimeout: DEADLINE_MILLIS / 2,
    socketTimeout: DEADLINE_MILLIS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async deliver(message: Message): Promise<Delivery> {
      const sender = message.from ?? from;
      try {
        await transport.sendMail({
          messageId: `<${message.messageId}@${domainOf(sender)}>`,
          from: sender,
          to: { name: '', address: message.to },
          ...(message.replyTo ? { replyTo: message.replyTo } : {}),
          subject: message.subject ?? '',
          html: message.body,
          text: textOf(message.body),
        });
        return 'delivered';
      } catch (error) {
        if (isPermanent(error)) return 'refused';
        throw error;
      }
    },
    close: () => transport.close(),
  };
}

const domainOf = (sender: string): string => /@([^\s>]+)/.exec(sender)?.[1] ?? 'localhost';

/** A plain-text part for readers that show no HTML. */
const textOf = (html: string): string => html
  .replace(/<br\s*\/?>|<\/p>/gi, '\n')
  .replace(/<[^>]*>/g, '')
  .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
