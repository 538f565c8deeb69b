import type { LoggerService } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Logger } from '@rollcall/platform-log';

import type { HttpServer } from './http-server.js';

/** Nest's adapter round our server, which keeps its own 404, error answers and, from the edges, body parsers. */
class OurServerAdapter extends FastifyAdapter {
  constructor({ fastify }: HttpServer) {
    super(fastify as never); // the adapter's type names only servers made by itself
  }
  override setNotFoundHandler(): HttpServer['fastify'] { return this.instance; }
  override setErrorHandler(): HttpServer['fastify'] { return this.instance; }
  override registerParserMiddleware(): void {}
}

export const nestAdapter = (server: HttpServer): FastifyAdapter => new OurServerAdapter(server);

/** Nest's own lines in our log, at debug unless they warn. Of what Nest was given only plain words and errors are kept. */
export function nestLog(log: Logger): LoggerService {
  const factsOf = (message: unknown, context: readonly unknown[]) => ({
    context: context.findLast((each) => typeof each === 'string' && !each.includes('\n')),
    ...(message instanceof Error ? { error: message } : { text: message }),
  });
  const quiet = (message: unknown, ...context: unknown[]) => log.debug(factsOf(message, context), 'nest');
  return {
    log: quiet,
    debug: quiet,
    verbose: quiet,
    warn: (message, ...context) => log.warn(factsOf(message, context), 'nest'),
    error: (message, ...context) => log.error(factsOf(message, context), 'nest'),
    fatal: (message, ...context) => log.error(factsOf(message, context), 'nest'),
  };
}
