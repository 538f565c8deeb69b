import { Module, type DynamicModule } from '@nestjs/common';
import { AuthenticationService, type DirectoryPort, type NotificationPort, type RiskPort, type TokenPort, type TriggerPort } from '@rollcall/contracts';
import type { Checkpoints, Erasure, Log, RequestIds, ServiceKeys, Time, Transactions, Vault } from '@rollcall/eventing';
import type { CryptoPort } from '@rollcall/platform-crypto';
import type { Database } from '@rollcall/platform-postgres';
import { loopbackPort } from '@rollcall/platform-rpc';

import { cryptoPasswords } from './adapters/crypto-passwords.js';
import { postgresBudgets } from './adapters/postgres-budgets.js';
import { postgresCodeRequests } from './adapters/postgres-code-requests.js';
import { postgresCredentialReviews } from './adapters/postgres-credential-reviews.js';
import { postgresLockouts } from './adapters/postgres-lockouts.js';
import { postgresRowUpkeep } from './adapters/postgres-row-upkeep.js';
import { postgresSendings } from './adapters/postgres-sendings.js';
import { postgresSingleUse } from './adapters/postgres-single-use.js';
import { rowEffects } from './adapters/row-effects.js';
import { serviceSealedTexts } from './adapters/service-sealed-texts.js';
import { authenticationService } from './application/authentication-service.js';
import { messageSender } from './application/message-sender.js';
import type { AuthenticationNeeds } from './application/needs.js';
import { authenticationConsumer } from './application/purge.js';
import { startUpkeep } from './application/upkeep.js';
import { FORGET_MILLIS, lockLadder } from './domain/lockout.js';

export const AUTHENTICATION_PORT = Symbol('AuthenticationPort');

/** The authentication service as a binding of its port. */
@Module({})
export class AuthenticationModule {
  static local(needs: AuthenticationNeeds): DynamicModule {
    const provider = { provide: AUTHENTICATION_PORT, useFactory: () => loopbackPort(AuthenticationService, authenticationService(needs)) };
    return { module: AuthenticationModule, providers: [provider], exports: [AUTHENTICATION_PORT] };
  }
}

export interface AuthenticationPartsNeeds {
  readonly db: Database;
  /** The service's own store, of the schema `authentication`. */
  readonly store: {
    readonly checkpoints: Checkpoints;
    readonly transactions: Transactions;
    readonly erasure: Erasure;
    readonly keys: ServiceKeys;
    readonly vault: Vault;
  };
  readonly ids: RequestIds;
  readonly crypto: CryptoPort;
  readonly directory: DirectoryPort;
  readonly token: TokenPort;
  readonly notification: NotificationPort;
  readonly trigger: TriggerPort;
  readonly risk: RiskPort;
  readonly time: Time;
  readonly log: Log;
}

/** The service wired to PostgreSQL, with what it does besides answering; whoever composes a process starts that. */
export function authenticationParts({ db, store, ids, crypto, time, log, ...ports }: AuthenticationPartsNeeds) {
  const { checkpoints, transactions, erasure, keys, vault } = store;
  const rows = postgresRowUpkeep({ db });
  let running: { readonly sender: ReturnType<typeof messageSender>; readonly upkeep: ReturnType<typeof startUpkeep> } | undefined;
  const needs: AuthenticationNeeds = {
    ...ports, vault, keys, ids, transactions, clock: time,
    passwords: cryptoPasswords({ crypto, clock: time }),
    sealedTexts: serviceSealedTexts({ keys }),
    lockouts: postgresLockouts({ db, rules: { ladder: lockLadder, forgetMillis: FORGET_MILLIS } }),
    singleUse: postgresSingleUse({ db }),
    budgets: postgresBudgets({ db }),
    codeRequests: postgresCodeRequests({ db }),
    sendings: postgresSendings({ db }),
    credentialReviews: postgresCredentialReviews({ db }),
    wakeSender: () => running?.sender.wake(),
  };
  return {
    /** For `AuthenticationModule.local`, or `authenticationService`. */
    needs,
    /** Of directory's events. */
    consumer: authenticationConsumer({ vault, rows, erasure }),
    /** What calls did to decision rows, for the audit's sweep. */
    effects: rowEffects({ db }),
    /** Sends messages and tidies up, from now on; the other services' ports must be there. */
    start() {
      running ??= { sender: messageSender({ ...needs, time, log }), upkeep: startUpkeep({ ...needs, checkpoints, rows, time, log }) };
    },
    async stop() {
      await Promise.all([running?.sender.stop(), running?.upkeep.stop()]);
    },
  };
}
