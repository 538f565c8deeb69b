import { createSecretKey, type KeyObject } from 'node:crypto';

import type { Checkpoints, Claims, Consumed, Erasure, EventStore, Sealing, ServiceKeys, ServingVersions, Transactions, Vault } from '@rollcall/eventing';
import type { KeyProvider } from '@rollcall/platform-crypto';
import { migrate, type Database } from '@rollcall/platform-postgres';

import { postgresCheckpoints, postgresTransactions } from './checkpoints.js';
import { postgresClaims } from './claims.js';
import { postgresEventStore } from './event-store.js';
import { personKeys } from './person-keys.js';
import { poolKeys } from './pool-keys.js';
import { postgresConsumed, postgresServing } from './progress.js';
import { sealing } from './sealing.js';
import { serviceKeys } from './service-keys.js';
import type { MacKeys } from './stored-event.js';
import { postgresVault } from './vault.js';
import { wakeUps } from './wake-up.js';

/** Everything that one service keeps in its schema, but for its own tables. */
export interface ServiceStore {
  readonly events: EventStore;
  readonly claims: Claims;
  readonly erasure: Erasure;
  readonly checkpoints: Checkpoints;
  readonly transactions: Transactions;
  readonly serving: ServingVersions;
  readonly consumed: Consumed;
  readonly keys: ServiceKeys;
  readonly sealing: Sealing;
  readonly vault: Vault;
  close(): Promise<void>;
}

export interface ServiceStoreNeeds {
  readonly db: Database;
  /** Name of the service and of its schema, which `prepareSchema` made. */
  readonly service: string;
  readonly provider: KeyProvider;
  /** Whether other processes append to or read the same log: they are woken by notifications. */
  readonly shared: boolean;
}

/**
 * Ends the leases of whoever was killed, so that read models and consumers go on at once and not when the leases run out.
 * Only for a process that has the database to itself.
 */
export const endLeases = async (db: Database, service: string): Promise<void> =>
  void (await db.queryOnce(`update ${service}.checkpoint set owner = null, lease_until = null where owner is not null`));

/**
 * Makes or updates the schema of a service: the log and what belongs to it, then the service's own tables. Before any
 * process appends, as a log restored into another cluster is adopted here.
 *
 * @param own folder of the service's migrations, `new URL('../migrations/', import.meta.url)`
 */
export async function prepareSchema(db: Database, service: string, own?: URL): Promise<void> {
  await migrate(db, service, [
    { label: 'store', folder: new URL('../migrations/', import.meta.url) },
    ...(own ? [{ label: service, folder: own }] : []),
  ]);
  await db.queryOnce(`select ${service}.adopt_restored_log()`);
}

/** As key objects: a mac then costs 2.5 us instead of 14. */
function macKeys(serviceKey: ServiceKeys['serviceKey']): MacKeys {
  const known = new Map<number, KeyObject>();
  return async (number) => {
    const key = known.get(number) ?? createSecretKey(await serviceKey(`log-mac-${number}`));
    known.set(number, key);
    return key;
  };
}

export function postgresServiceStore({ db, service, provider, shared }: ServiceStoreNeeds): ServiceStore {
  if (!/^[a-z][a-z0-9_]*$/.test(service)) throw new RangeError(`${service} is no name for a schema`);
  const serviceKey = serviceKeys({ db, service, provider });
  const pools = poolKeys({ db, service, provider });
  const people = personKeys({ db, service, pools });
  const wakeUp = wakeUps({ db, service, shared });
  return {
    events: postgresEventStore({ db, service, macKeys: macKeys(serviceKey), people, wakeUp }),
    claims: postgresClaims({ db, service }),
    erasure: {
      destroyPerson: people.destroy,
      async destroyPool(poolId) {
        await pools.destroy(poolId);
        people.forgetPool(poolId);
      },
    },
    checkpoints: postgresCheckpoints({ db, service }),
    transactions: postgresTransactions({ db }),
    serving: postgresServing({ db, service }),
    consumed: postgresConsumed({ service }),
    keys: { serviceKey, poolKey: async (poolId, name) => (await pools.use(poolId, `key|${name}`)).export() },
    sealing: sealing({ service, pools, people }),
    vault: postgresVault({ db, service, pools }),
    close: wakeUp.close,
  };
}
