import type { CallContext, TokenPort } from '@rollcall/contracts';
import { DomainError, poolId } from '@rollcall/kernel';
import { sha256 } from '@rollcall/platform-crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { openIdConfiguration, type PoolUrl } from './discovery.js';

export interface PoolDocuments {
  readonly token: Pick<TokenPort, 'publicKeys'>;
  /** `iss` of a pool's tokens; elsewhere than here where tokens are to look like those of AWS. */
  readonly issuer: (poolId: string) => string;
  readonly poolUrl: PoolUrl;
  readonly callFor: (operation: string, source: string) => CallContext;
}

/** A successor key is published an hour before it signs, so a verifier may keep a set for ten minutes. */
const MAX_AGE_SECONDS = 600;

type PoolRequest = FastifyRequest<{ Params: { poolId: string } }>;

/**
 * Registers `GET /<poolId>/.well-known/jwks.json` and `GET /<poolId>/.well-known/openid-configuration`: public, for
 * browsers of every origin too.
 */
export function registerPoolDocuments(app: FastifyInstance, { token, issuer, poolUrl, callFor }: PoolDocuments): void {
  const serve = (path: string, operation: string, textOf: (pool: string, jwksJson: string) => string) =>
    app.get(`/:poolId/.well-known/${path}`, async (request: PoolRequest, reply) => {
      const pool = poolIdOf(request);
      if (pool === undefined) return reply.callNotFound();
      void reply.header('access-control-allow-origin', '*');
      try {
        // Asked for both, as it tells whether there is such a pool.
        const { jwksJson } = await token.publicKeys({ poolId: pool }, callFor(operation, request.socket.remoteAddress ?? ''));
        return send(request, reply, textOf(pool, jwksJson));
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'PoolNotFound') throw error;
        return reply.code(404).send({ message: `User pool ${pool} does not exist.` });
      }
    });

  serve('jwks.json', 'GetPublicKeys', (_pool, jwksJson) => jwksJson);
  serve('openid-configuration', 'GetOpenIdConfiguration', (pool) => JSON.stringify(openIdConfiguration(pool, { issuer, poolUrl })));
}

function poolIdOf({ params }: PoolRequest): string | undefined {
  try {
    return poolId(params.poolId);
  } catch {
    return undefined; // no pool can have this name, so nothing is served under it
  }
}

function send(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  const etag = `"${sha256(text).toString('base64url')}"`;
  void reply.headers({ etag, 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` });
  const known = request.headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  if (known?.includes(etag) || known?.includes('*')) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(text);
}
