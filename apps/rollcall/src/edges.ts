import { auditGate, awsJsonRoutes, dispatcher, signingKeysKept } from '@rollcall/edge-aws-json';
import { userPoolsService } from '@rollcall/edge-cognito-user-pools';
import { accessTokenVerifier, registerPoolDocuments } from '@rollcall/edge-oauth';
import { registerOutboxPage } from '@rollcall/edge-pages';
import { systemTime } from '@rollcall/eventing';
import type { Settings } from '@rollcall/platform-config';
import { uuidV4 } from '@rollcall/platform-crypto';
import type { HttpServer } from '@rollcall/platform-http';
import type { Logger } from '@rollcall/platform-log';

import { ownCall } from './own-call.js';
import type { Ports } from './ports.js';

export interface EdgesNeeds {
  readonly server: HttpServer;
  readonly ports: Ports;
  readonly settings: Settings;
  readonly issuer: (poolId: string) => string;
  /** Where this process serves a pool's documents, whatever its issuer is called. */
  readonly poolUrl: (poolId: string) => string;
  /** Secret part of the outbox page's address; absent: there is no such page. */
  readonly outboxSecret: string | undefined;
  readonly log: Logger;
}

/** Everything that is served over HTTP besides the health endpoints. */
export function registerEdges({ server, ports, settings, issuer, poolUrl, outboxSecret, log }: EdgesNeeds): { stop(): void } {
  const clock = systemTime;
  const audit = auditGate({ audit: ports.audit, clock, newId: uuidV4 });
  const userPools = dispatcher(userPoolsService, {
    ports: { ...ports, accountId: settings.ROLLCALL_ACCOUNT_ID },
    signingKeyOf: signingKeysKept(async ({ accessKeyId, sessionToken, day, region, service }) => {
      const { principal } = await ports.token.signingKey({ accessKeyId, sessionToken, date: day, region, service }, ownCall('SigningKey'));
      if (!principal) return undefined;
      const { dayKey, accountId, kind, operations, pools } = principal;
      return { key: dayKey, principal: { accountId, kind: kind as 'administrator' | 'service', operations, pools } };
    }),
    checkToken: accessTokenVerifier({ token: ports.token, clock, issuer }),
    audit,
    log,
    clock,
    regions: settings.ROLLCALL_REGIONS === 'any' ? undefined : settings.ROLLCALL_REGIONS,
    accountId: settings.ROLLCALL_ACCOUNT_ID,
  });
  void server.fastify.register(awsJsonRoutes({ dispatchers: [userPools], audit, clock }));
  registerPoolDocuments(server.fastify, { token: ports.token, issuer, poolUrl, callFor: ownCall });
  if (outboxSecret !== undefined) registerOutboxPage(server.fastify, { notification: ports.notification, secret: outboxSecret, callFor: ownCall });
  return { stop: audit.stop };
}
