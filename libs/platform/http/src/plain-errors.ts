import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { Logger } from '@rollcall/platform-log';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What a stranger is told: the status in words. Paths, header values, parser messages and stacks stay here. */
const bodyOf = (status: number): string => JSON.stringify({ message: STATUS_CODES[status] ?? 'Error' });

const send = (reply: FastifyReply, status: number) => reply.code(status).type('application/json; charset=utf-8').send(bodyOf(status));

export const notFound = (_request: FastifyRequest, reply: FastifyReply) => send(reply, 404);

/** Answers what no edge has answered. Refusals by Fastify itself (too large, unknown type) keep their status, all else is 500. */
export const lastResort = (log: Logger) => (error: unknown, _request: FastifyRequest, reply: FastifyReply) => {
  const status = refusalStatus(error);
  if (status === 500) log.error({ error }, 'a request failed outside every edge');
  return send(reply, status);
};

function refusalStatus(error: unknown): number {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (typeof code !== 'string' || !code.startsWith('FST_') || typeof statusCode !== 'number') return 500;
  return statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}

const socketStatus: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** For what never became a request: bytes that are not HTTP, headers too large or too slow. */
export function refuseSocket(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = socketStatus[error.code ?? ''] ?? 400;
  const body = bodyOf(status);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
}
