import type { INestApplicationContext } from '@nestjs/common';
import { auditConsumer, AuditModule, AUDIT_PORT, postgresTrail } from '@rollcall/audit';
import { AuthenticationModule, authenticationParts, AUTHENTICATION_PORT } from '@rollcall/authentication';
import { localBus } from '@rollcall/bus-local';
import { AuditService, AuthenticationService, DirectoryService, NotificationService, noRisk, noTriggers, TokenService } from '@rollcall/contracts';
import { directoryIntegration, DirectoryModule, DIRECTORY_PORT, startDirectory } from '@rollcall/directory';
import { systemTime } from '@rollcall/eventing';
import {
  deliveryWorker, notificationConsumer, NotificationModule, NOTIFICATION_PORT, postgresMessages, type Transports,
} from '@rollcall/notification';
import { requestIds, type CryptoPort } from '@rollcall/platform-crypto';
import type { Logger } from '@rollcall/platform-log';
import type { Database } from '@rollcall/platform-postgres';
import { portOnDemand } from '@rollcall/platform-rpc';
import type { ServiceStore } from '@rollcall/store-postgres';
import { TokenModule, tokenParts, TOKEN_PORT } from '@rollcall/token';

import { startAuditSweeps } from './audit-sweeps.js';
import type { Ports } from './ports.js';
import type { Stores } from './stores.js';

export interface ServicesNeeds {
  readonly db: Database;
  readonly stores: Stores;
  readonly crypto: CryptoPort;
  readonly transports: Transports;
  readonly issuer: (poolId: string) => string;
  readonly accountId: string;
  readonly log: Logger;
  /** The Nest application, once it exists: ports are looked up in it. */
  readonly app: () => Pick<INestApplicationContext, 'get'>;
}

/** All services in one process: the modules that bind their ports, and what they do besides answering. */
export async function composeServices({ db, stores, crypto, transports, issuer, accountId, log, app }: ServicesNeeds) {
  const time = systemTime;
  const idsOf = async ({ keys }: ServiceStore) => requestIds(await keys.serviceKey('request-ids'));
  const stopped: string[] = [];
  const onStopped = (reader: string, reason: Error) => {
    stopped.push(reader);
    log.error({ reader, error: reason }, 'a reader of the log stopped at an event that must not be skipped');
  };

  const ports: Ports = {
    directory: portOnDemand(DirectoryService, () => app().get(DIRECTORY_PORT)),
    token: portOnDemand(TokenService, () => app().get(TOKEN_PORT)),
    notification: portOnDemand(NotificationService, () => app().get(NOTIFICATION_PORT)),
    authentication: portOnDemand(AuthenticationService, () => app().get(AUTHENTICATION_PORT)),
    audit: portOnDemand(AuditService, () => app().get(AUDIT_PORT)),
  };

  const directory = await startDirectory({ db, store: stores.directory, ids: await idsOf(stores.directory), time, log, onStopped });
  const token = tokenParts({
    db, store: stores.token, ids: await idsOf(stores.token), directory: ports.directory, crypto, issuer, accountId, time, log,
  });
  const messages = postgresMessages({ db, sealing: stores.notification.sealing });
  const delivery = deliveryWorker({ messages, transports, clock: time, log });
  const authentication = authenticationParts({
    db, store: stores.authentication, ids: await idsOf(stores.authentication), crypto, time, log,
    directory: ports.directory, token: ports.token, notification: ports.notification, trigger: noTriggers, risk: noRisk,
  });
  const trail = postgresTrail({ db });

  return {
    ports,
    trail,
    token,
    modules: [
      DirectoryModule.local(directory.needs),
      TokenModule.local(token.needs),
      NotificationModule.local({ messages, transports, wake: delivery.wake }),
      AuthenticationModule.local(authentication.needs),
      AuditModule.local({ trail, sealing: stores.audit.sealing, keys: stores.audit.keys }),
    ],
    /** Readers that stopped for good: the process is not ready then. */
    stopped: () => stopped,
    /** What runs beside answering; to be started once the ports can be found. */
    start() {
      const bus = localBus({
        producers: [{ service: 'directory', store: stores.directory.events, integration: directoryIntegration }],
        listeners: [
          { ...stores.token, consumers: [token.consumer] },
          { ...stores.authentication, consumers: [authentication.consumer] },
          { ...stores.notification, consumers: [notificationConsumer({ messages, erasure: stores.notification.erasure })] },
          { ...stores.audit, consumers: [auditConsumer({ erasure: stores.audit.erasure })] },
        ],
        log, time, onStopped,
      });
      const upkeep = token.startUpkeep();
      authentication.start();
      const sweeps = startAuditSweeps({ stores, audit: ports.audit, trail, effects: [token.effects, ...authentication.effects], time, log });
      return {
        async stop() {
          await Promise.all([bus.stop(), upkeep.stop(), authentication.stop(), delivery.stop(), sweeps.stop(), directory.stop()]);
        },
      };
    },
  };
}
