import { Module, type DynamicModule } from '@nestjs/common';
import { DirectoryService } from '@rollcall/contracts';
import {
  readModel, runProjections, runSubscription, type Checkpoints, type Claims, type Erasure, type EventStore, type Log, type ReadModel, type RequestIds, type Sealing, type ServiceKeys,
  type ServingVersions, type Time, type Transactions, type Vault,
} from '@rollcall/eventing';
import { randomId } from '@rollcall/platform-crypto';
import type { Database } from '@rollcall/platform-postgres';
import { loopbackPort } from '@rollcall/platform-rpc';

import { clientsTable } from './adapters/clients-table.js';
import { hmacClaims } from './adapters/hmac-claims.js';
import { postgresLists } from './adapters/postgres-lists.js';
import { postgresPoolPurges } from './adapters/postgres-pool-purges.js';
import { poolsTable } from './adapters/pools-table.js';
import { sealedPageTokens } from './adapters/sealed-page-tokens.js';
import { userCountsTable } from './adapters/user-counts-table.js';
import { usersTable } from './adapters/users-table.js';
import { directoryService, type DirectoryNeeds } from './application/directory-service.js';
import { concernsForgetting, forgetPeople } from './application/forget-people.js';
import { concernsPurges, notePurges } from './application/pool-purges.js';
import { purgeWorker } from './application/purge-worker.js';
import { CLIENT_STREAMS, POOL_STREAMS, USER_STREAMS } from './domain/streams.js';
import { clientsByPool } from './read-models/clients-by-pool.js';
import { pools } from './read-models/pools.js';
import { userCounts } from './read-models/user-counts.js';
import { usersByPool } from './read-models/users-by-pool.js';

export const DIRECTORY_PORT = Symbol('DirectoryPort');

/** The directory service as a binding of its port. */
@Module({})
export class DirectoryModule {
  static local(needs: DirectoryNeeds): DynamicModule {
    const provider = { provide: DIRECTORY_PORT, useFactory: () => loopbackPort(DirectoryService, directoryService(needs)) };
    return { module: DirectoryModule, providers: [provider], exports: [DIRECTORY_PORT] };
  }
}

export interface DirectoryPartsNeeds {
  readonly db: Database;
  /** The service's own store, of the schema `directory`. */
  readonly store: {
    readonly events: EventStore;
    readonly claims: Claims;
    readonly erasure: Erasure;
    readonly checkpoints: Checkpoints;
    readonly transactions: Transactions;
    readonly serving: ServingVersions;
    readonly keys: ServiceKeys;
    readonly sealing: Sealing;
    readonly vault: Vault;
  };
  readonly ids: RequestIds;
  readonly time: Time;
  readonly log: Log;
  /** A reader of the log stopped at an event that it must not skip: the process is not ready any more. */
  readonly onStopped?: (reader: string, reason: Error) => void;
  /** How long after its deletion a pool is left alone; longer than any process keeps what it knows of a pool. */
  readonly settleMillis?: number;
}

/** Each question with its table. */
export const directoryReadModels: readonly ReadModel[] = [
  readModel(pools, poolsTable),
  readModel(clientsByPool, clientsTable),
  readModel(usersByPool, usersTable),
  readModel(userCounts, userCountsTable),
];

const SECRET_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const SECRET_CHARACTERS = 52;

/**
 * The service wired to PostgreSQL, with what it does in the background: its read models, and what follows a deletion.
 * Runs from now on, until it is stopped.
 */
export async function startDirectory({ db, store, ids, time, log, onStopped, settleMillis = 5_000 }: DirectoryPartsNeeds) {
  const { events, claims, erasure, checkpoints, transactions, serving, keys, sealing, vault } = store;
  const readModels = await runProjections(
    { store: events, checkpoints, transactions, versions: serving, log, time, ...(onStopped ? { onStopped } : {}) }, directoryReadModels);
  const needs: DirectoryNeeds = {
    store: events, claims, vault, sealing, ids, clock: time,
    hashes: hmacClaims(keys),
    newSecret: () => randomId(SECRET_ALPHABET, SECRET_CHARACTERS),
    lists: postgresLists({ db, readModels }),
    tokens: sealedPageTokens(keys),
  };

  const purges = postgresPoolPurges({ db, settleMillis });
  const worker = purgeWorker({ ...needs, purges, erasure, time, log });
  const follow = (name: string, options: Pick<Parameters<typeof runSubscription>[0], 'prefixes' | 'wanted' | 'handle'>) =>
    runSubscription({ store: events, checkpoints, log, time, name, ...options, ...(onStopped ? { onStopped: (reason: Error) => onStopped(name, reason) } : {}) });
  const note = notePurges(purges);
  const readers = [
    follow('directory.forget-people', { prefixes: [USER_STREAMS], wanted: concernsForgetting, handle: forgetPeople(erasure) }),
    follow('directory.note-purges', {
      prefixes: [POOL_STREAMS, CLIENT_STREAMS, USER_STREAMS],
      wanted: concernsPurges,
      handle: async (stored, tx) => {
        await note(stored, tx);
        worker.wake();
      },
    }),
  ];

  return {
    /** What the service answers by: `DirectoryModule.local(needs)`. */
    needs,
    readModels,
    async stop() {
      await Promise.all([worker.stop(), ...readers.map((reader) => reader.stop())]);
      await readModels.stop();
    },
  };
}
