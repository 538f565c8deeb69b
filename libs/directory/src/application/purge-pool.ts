import { poolSettings } from '@rollcall/contracts';
import { load, type Caused, type Erasure } from '@rollcall/eventing';
import { DomainError, secondsOf, type ClientId, type Sub } from '@rollcall/kernel';

import { poolStream } from '../domain/streams.js';
import type { ClientRow } from '../read-models/clients-by-pool.js';
import type { Lists } from '../read-models/lists.js';
import type { UserRow } from '../read-models/users-by-pool.js';
import { pools } from './aggregates.js';
import { changeUser } from './change-user.js';
import { removeClient } from './clients.js';
import type { Needs } from './needs.js';
import type { DuePool, PoolPurges } from './pool-purges.js';

export interface PurgeNeeds extends Needs {
  readonly purges: PoolPurges;
  readonly lists: Pick<Lists, 'users' | 'clients' | 'complete'>;
  readonly erasure: Pick<Erasure, 'destroyPool'>;
}

const CHUNK = 100;
/** Longer than a chunk can take. */
export const HOLD_MILLIS = 60_000;

/**
 * Deletes what a deleted pool left: each user and client as if it were deleted by itself, then secrets and key. Killed on
 * the way, it begins again, and finds less.
 *
 * @param goesOn asked before each user and client
 * @returns whether nothing is left
 */
export async function purgePool(needs: PurgeNeeds, due: DuePool, goesOn: () => boolean): Promise<boolean> {
  const { poolId, correlationId, operation } = due;
  const { state } = await load(needs.store, pools, poolStream(poolId));
  if (state.is !== 'deleted') return true; // asked for what was never deleted: nothing is touched
  if (!(await needs.lists.complete())) return false; // a list that has not seen everybody would leave somebody
  const settings = poolSettings(state.settingsJson);
  const call: Caused = { correlationId, operation, caller: { kind: 'service', id: 'directory' }, effects: { eventIds: [] } };

  const each = async <Row>(page: (last: Row | undefined) => Promise<readonly Row[]>, remove: (row: Row) => Promise<unknown>): Promise<boolean> => {
    for (let last: Row | undefined; ;) {
      const rows = await page(last);
      for (const row of rows) {
        if (!goesOn()) return false;
        await unlessGone(remove(row));
      }
      await needs.purges.hold(due, HOLD_MILLIS);
      last = rows.at(-1);
      if (last === undefined) return true;
    }
  };
  const usersGone = await each<UserRow>(
    (last) => needs.lists.users(poolId, { is: 'everybody' }, CHUNK, last && { sub: last.sub }),
    ({ sub }) => changeUser(needs, { poolId, settings }, sub as Sub, { do: 'delete', now: secondsOf(needs.clock.now()) }, call),
  );
  const clientsGone = usersGone && await each<ClientRow>(
    (last) => needs.lists.clients(poolId, CHUNK, last?.clientId),
    ({ clientId }) => removeClient(needs, poolId, clientId as ClientId, call),
  );
  if (!clientsGone) return false;
  await needs.vault.deletePool(poolId);
  await needs.erasure.destroyPool(poolId);
  return true;
}

/** Its row is still there because the read model has not come so far, or somebody else deleted it. */
async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof DomainError) || !['UserNotFound', 'ClientNotFound'].includes(error.code)) throw error;
  }
}
