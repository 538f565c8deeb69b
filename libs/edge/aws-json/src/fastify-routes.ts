import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';

import { failure, preflight } from './answer.js';
import type { AuditTrail } from './audit-trail.js';
import { internalError, unknownOperation } from './aws-exception.js';
import { tooLarge } from './body.js';
import { openCall } from './call.js';
import type { Dispatcher } from './dispatch.js';
import { headerLines, type HttpAnswer, type HttpRequest } from './http-message.js';
import type { EdgeNeeds } from './service.js';

export interface RouteOptions {
  /** The services that are offered; the target's prefix chooses among them, the first answers unknown ones. */
  readonly dispatchers: readonly [Dispatcher, ...Dispatcher[]];
  readonly audit: Pick<AuditTrail, 'countRejected'>;
  readonly clock: EdgeNeeds<never>['clock'];
  /** Largest body that is read; 1 MiB unless told. */
  readonly maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** `POST /` and its preflight. Register it as a plugin: its body parser, which keeps the bytes, is its own. */
export const awsJsonRoutes = ({ dispatchers, audit, clock, maxBodyBytes = MAX_BODY_BYTES }: RouteOptions): FastifyPluginAsync => async (scope) => {
  scope.removeAllContentTypeParsers();
  // Signatures cover the bytes as they came, so nothing may parse them first.
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) => done(null, body));

  scope.setErrorHandler((error: { readonly code?: string; readonly statusCode?: number }, request, reply) => {
    const exception = error.code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? tooLarge(maxBodyBytes) : (error.statusCode ?? 500) < 500 ? unknownOperation() : internalError();
    const { correlationId, source } = openCall(messageOf(request), '', clock.now());
    audit.countRejected(source, exception.type === 'UnknownOperationException' ? 'operation' : 'size');
    return send(reply, failure(correlationId, clock.now(), exception));
  });

  scope.options('/', async (_request, reply) => send(reply, preflight));
  scope.post('/', { bodyLimit: maxBodyBytes }, async (request, reply) => {
    const message = messageOf(request);
    const target = message.headers.get('x-amz-target')?.[0] ?? '';
    const chosen = dispatchers.find(({ targetPrefix }) => target.startsWith(`${targetPrefix}.`)) ?? dispatchers[0];
    return send(reply, await chosen.dispatch(message));
  });
};

function messageOf({ raw, body, socket }: FastifyRequest): HttpRequest {
  return {
    method: raw.method ?? '',
    url: raw.url ?? '',
    headers: headerLines(raw.rawHeaders),
    body: body instanceof Uint8Array ? body : new Uint8Array(),
    // Of the connection alone; an IPv4 peer on an IPv6 socket keeps its IPv4 address.
    source: socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, ''),
  };
}

/** As bytes: Fastify would add a charset to the content type of a text. */
const send = (reply: FastifyReply, { status, headers, body }: HttpAnswer): FastifyReply => reply.code(status).headers(headers).send(Buffer.from(body));
