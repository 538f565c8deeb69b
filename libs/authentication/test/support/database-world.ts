import type { NotificationPort, wire } from '@rollcall/contracts';
import { noEffects } from '@rollcall/contracts';
import { systemTime, type Log } from '@rollcall/eventing';
import { recordingLog } from '@rollcall/eventing/testing';
import { masterKeyProvider, requestIds } from '@rollcall/platform-crypto';
import type { Database, Queryable } from '@rollcall/platform-postgres';
import { testDatabase, type TestDatabase } from '@rollcall/platform-postgres/testing';
import { postgresServiceStore, prepareSchema, type ServiceStore } from '@rollcall/store-postgres';

import { sendDue, type SenderNeeds } from '../../src/application/message-sender.js';
import type { AuthenticationNeeds } from '../../src/application/needs.js';
import { postgresBudgets } from '../../src/adapters/postgres-budgets.js';
import { postgresCodeRequests } from '../../src/adapters/postgres-code-requests.js';
import { postgresCredentialReviews } from '../../src/adapters/postgres-credential-reviews.js';
import { postgresLockouts } from '../../src/adapters/postgres-lockouts.js';
import { postgresSendings } from '../../src/adapters/postgres-sendings.js';
import { postgresSingleUse } from '../../src/adapters/postgres-single-use.js';
import { FORGET_MILLIS, lockLadder } from '../../src/domain/lockout.js';
import { authenticationMigrations } from '../../src/index.js';
import { callOf, clientId, world, type World } from './world.js';

export interface AuthenticationDatabase extends TestDatabase {
  readonly store: ServiceStore;
}

/** A fresh database with this service's schema. */
export async function authenticationDatabase(): Promise<AuthenticationDatabase> {
  const database = await testDatabase();
  await prepareSchema(database.db, 'authentication', authenticationMigrations);
  const store = postgresServiceStore({ db: database.db, service: 'authentication', provider: masterKeyProvider(Buffer.alloc(32, 7)), shared: false });
  return { ...database, store };
}

/** Counts what is sent to the database. */
export function counted(db: Database, statements: { count: number }): Database {
  const counting = <Q extends Queryable>(inner: Q): Q => ({
    ...inner,
    query: (text: string, values?: readonly unknown[]) => { statements.count += 1; return inner.query(text, values); },
  });
  return {
    ...counting(db),
    repeatable: (text, values) => { statements.count += 1; return db.repeatable(text, values); },
  };
}

export interface DatabaseWorld extends World {
  readonly sent: wire.notification.Message[];
  readonly sender: SenderNeeds;
  readonly log: ReturnType<typeof recordingLog>;
  /** Sends what is due now. */
  deliver(): Promise<wire.notification.Message[]>;
  /** The code in the newest message. */
  newestCode(): string;
  signUp(changes?: Partial<wire.authentication.SignUpRequest> & { readonly call?: ReturnType<typeof callOf> }): Promise<wire.authentication.SignUpAnswer>;
  confirm(username: string, code: string, changes?: Partial<wire.authentication.ConfirmSignUpRequest> & { readonly call?: ReturnType<typeof callOf> }): Promise<wire.authentication.ConfirmSignUpAnswer>;
  resend(username: string, changes?: Partial<wire.authentication.ResendRequest> & { readonly call?: ReturnType<typeof callOf> }): Promise<wire.authentication.CodeDelivery>;
}

/** The service on its own schema of a real database, with the other services as fakes. */
export function databaseWorld({ db, store }: AuthenticationDatabase, changes: Partial<AuthenticationNeeds> = {}): DatabaseWorld {
  const sent: wire.notification.Message[] = [];
  const log = recordingLog();
  const notification: NotificationPort = {
    async send(message) {
      if (!sent.some(({ messageId }) => messageId === message.messageId)) sent.push(message);
      return {};
    },
    outbox: async () => ({ messages: [] }),
  };
  const needs: Partial<AuthenticationNeeds> = {
    notification, vault: store.vault, keys: store.keys, transactions: store.transactions, ids: requestIds(Buffer.alloc(32, 9)), clock: systemTime,
    lockouts: postgresLockouts({ db, rules: { ladder: lockLadder, forgetMillis: FORGET_MILLIS } }), singleUse: postgresSingleUse({ db }),
    budgets: postgresBudgets({ db }), codeRequests: postgresCodeRequests({ db }), sendings: postgresSendings({ db }),
    credentialReviews: postgresCredentialReviews({ db }), wakeSender: () => undefined, ...changes,
  };
  const w = world(needs);
  const sender: SenderNeeds = { ...w.needs, time: systemTime, log: log as Log };
  const call = (operation: string) => callOf({ operation, effects: noEffects() });
  return {
    ...w, sent, sender, log,
    async deliver() {
      const before = sent.length;
      while (await sendDue(sender) > 0);
      return sent.slice(before);
    },
    newestCode: () => /\d{6}/.exec(sent.at(-1)?.body ?? '')?.[0] ?? 'none',
    signUp: ({ call: given, ...request } = {}) => w.service.signUp({
      clientId, secretHash: undefined, username: 'ada', password: 'Engine-1842', attributes: [{ name: 'email', value: 'ada@example.com' }], validationData: {}, ...request,
    }, given ?? call('SignUp')),
    confirm: (username, code, { call: given, ...request } = {}) => w.service.confirmSignUp({
      clientId, secretHash: undefined, username, code, forceAliasCreation: false, session: undefined, ...request,
    }, given ?? call('ConfirmSignUp')),
    resend: (username, { call: given, ...request } = {}) => w.service.resendConfirmationCode({ clientId, secretHash: undefined, username, ...request }, given ?? call('ResendConfirmationCode')),
  };
}
