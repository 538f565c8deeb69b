import type { CallContext, NotificationPort, wire } from '@rollcall/contracts';
import { constantTimeEqual } from '@rollcall/platform-crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { escapeHtml } from './escape-html.js';

export interface OutboxPage {
  readonly notification: NotificationPort;
  /** Random part of the address, printed at start: whoever knows it reads everybody's codes. */
  readonly secret: string;
  readonly callFor: (operation: string, source: string) => CallContext;
}

const SHOWN = 50;

/** A page that a browser was tricked into asking for under another name (DNS rebinding), or that a proxy passes on, is not ours to show. */
const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
const loopbackPeer = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/;
const forwarding = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'x-original-uri', 'x-original-url'];

const isLocal = (request: FastifyRequest): boolean =>
  loopbackHost.test(request.headers.host ?? '')
  && loopbackPeer.test(request.socket.remoteAddress ?? '')
  && forwarding.every((name) => request.headers[name] === undefined);

/** Registers `GET /dev/outbox/<secret>`; any other request finds nothing there. */
export function registerOutboxPage(app: FastifyInstance, { notification, secret, callFor }: OutboxPage): void {
  app.get<{ Params: { secret: string } }>('/dev/outbox/:secret', async (request, reply) => {
    if (!isLocal(request) || !constantTimeEqual(request.params.secret, secret)) return reply.callNotFound();
    const { messages } = await notification.outbox({ limit: SHOWN, to: undefined }, callFor('ReadOutbox', request.socket.remoteAddress ?? ''));
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
      .send(page(messages));
  });
}

const page = (messages: readonly wire.notification.OutboxMessage[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Rollcall: development outbox</title><meta name="viewport" content="width=device-width">
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff }
article { border: 1px solid #c9d1d9; border-radius: 8px; padding: .75rem 1rem; margin: 1rem 0 }
header { color: #57606a; font-size: .875rem } h2 { margin: .25rem 0; font-size: 1.05rem } p { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 0 }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117 } article { border-color: #30363d } header { color: #9198a1 } }
</style></head><body><h1>Development outbox</h1>
<p>Messages for which no mail server or web hook is set stay here until their codes expire. Load the page again to see newer ones.</p>
${messages.length === 0 ? '<p>There are no messages.</p>' : messages.map(article).join('\n')}
</body></html>
`;

function article({ message, acceptedAt }: wire.notification.OutboxMessage): string {
  if (!message) return '';
  const time = new Date(acceptedAt).toISOString();
  return `<article><header><time datetime="${time}">${time}</time> · ${escapeHtml(message.channel)} · ${escapeHtml(message.purpose)} · ${escapeHtml(message.poolId)}</header>
<h2>To ${escapeHtml(message.to)}${message.subject === undefined ? '' : `: ${escapeHtml(message.subject)}`}</h2><p>${escapeHtml(message.body)}</p></article>`;
}
