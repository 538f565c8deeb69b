import { setTimeout } from 'node:timers/promises';

import type { Logger } from '@rollcall/platform-log';
import { fastify, type FastifyInstance } from 'fastify';

import { lastResort, notFound, refuseSocket } from './plain-errors.js';
import { readinessOf, type ReadinessCheck } from './readiness.js';
import { securityHeaders, strictTransport } from './security-headers.js';

export interface HttpOptions {
  readonly log: Logger;
  readonly checks: readonly ReadinessCheck[];
  /** Larger bodies are refused with 413 before they are read; an edge's route can set less. 1 MiB if absent. */
  readonly bodyLimitBytes?: number;
  /** Clients reach us by https, through whoever ends TLS. */
  readonly https?: boolean;
}

export interface HttpServer {
  /** Where edges register their routes and body parsers: without a parser of theirs every body is refused with 415. */
  readonly fastify: FastifyInstance;
  /**
   * Stops taking connections, turns readiness to 503, lets requests in flight finish and closes each connection behind
   * its answer.
   * @param seconds how long; what runs still is cut off then
   */
  drain(seconds: number): Promise<'finished' | 'cut-off'>;
}

/** 16 KiB is Node's own default, fixed here because a token and a cookie must fit. */
const maxHeaderBytes = 16 * 1024;
const headersTimeoutMillis = 10_000;
const requestTimeoutMillis = 30_000;
/** Longer than the 60 s that load balancers keep idle connections, so that they close first and no request is lost between. */
const keepAliveMillis = 72_000;

/** An HTTP server with limits, health endpoints and nothing else; edges add what it serves. */
export function createHttpServer({ log, checks, bodyLimitBytes = 1_048_576, https = false }: HttpOptions): HttpServer {
  const app = fastify({
    logger: false,
    trustProxy: false, // the source address is the peer's: a header may not choose it
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMillis,
    keepAliveTimeout: keepAliveMillis,
    http: { maxHeaderSize: maxHeaderBytes, headersTimeout: headersTimeoutMillis, connectionsCheckingInterval: 5_000 },
    return503OnClosing: false, // what still arrives on an open connection is in flight, and is answered
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      void reply.headers(headers);
      void lastResort(log)(error, request, reply);
    },
    clientErrorHandler: refuseSocket,
  });
  const headers = { ...securityHeaders, ...(https ? strictTransport : {}) };
  let draining = false;

  app.removeAllContentTypeParsers();
  app.setErrorHandler(lastResort(log));
  app.setNotFoundHandler(notFound);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (draining) reply.header('connection', 'close');
  });

  const readiness = readinessOf(checks, (check, error) => log.warn({ check, error }, 'not ready'));
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    if (draining) return reply.code(503).send({ status: 'draining' });
    const { ready, checks: results } = await readiness();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks: results });
  });

  return {
    fastify: app,
    async drain(seconds) {
      draining = true;
      const closed = new AbortController();
      const outcome = await Promise.race([
        app.close().then(() => 'finished' as const),
        setTimeout(seconds * 1000, 'cut-off' as const, { signal: closed.signal }),
      ]);
      closed.abort();
      if (outcome === 'cut-off') app.server.closeAllConnections();
      return outcome;
    },
  };
}
