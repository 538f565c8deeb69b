import type { ProjectionRunner } from '@rollcall/eventing';
import type { Database } from '@rollcall/platform-postgres';

import type { UserCriterion } from '../domain/user-search.js';
import type { ClientRow } from '../read-models/clients-by-pool.js';
import type { Lists, UserPlace } from '../read-models/lists.js';
import type { PoolRow } from '../read-models/pools.js';
import type { UserRow } from '../read-models/users-by-pool.js';
import { SCHEMA } from './postgres-table.js';

export interface ListsNeeds {
  readonly db: Database;
  readonly readModels: Pick<ProjectionRunner, 'serving' | 'whenCaughtUp'>;
}

const columns = `settings_json as "settingsJson", created_at as "createdAt", updated_at as "updatedAt"`;
const userColumns = `pool_id as "poolId", sub, full_username as username, attributes, status, enabled, created_at as "createdAt", updated_at as "updatedAt"`;

/** The questions in SQL. Every text is one of a few constants per table; what was asked for is in the values alone (I7). */
export function postgresLists({ db, readModels }: ListsNeeds): Lists {
  const caughtUp = async (name: string) => `${SCHEMA}.${(await readModels.whenCaughtUp(name)).tableName}`;
  return {
    async pools(region, limit, after = '') {
      const table = await caughtUp('directory_pools');
      const text = `select pool_id as "poolId", region, ${columns} from ${table} where region = $1 and pool_id > $2 order by pool_id limit $3`;
      return (await db.repeatable<PoolRow>(text, [region, after, limit])).rows;
    },
    async clients(poolId, limit, after = '') {
      const table = await caughtUp('directory_clients_by_pool');
      const text = `select pool_id as "poolId", client_id as "clientId", ${columns} from ${table} where pool_id = $1 and client_id > $2 order by client_id limit $3`;
      return (await db.repeatable<ClientRow>(text, [poolId, after, limit])).rows;
    },
    async users(poolId, criterion, limit, after) {
      const table = await caughtUp('directory_users_by_pool');
      const { where, values, order } = searchOf(criterion, after);
      const text = `select ${userColumns} from ${table} where pool_id = $1 ${where} order by ${order} limit $2`;
      return (await db.repeatable<UserRow>(text, [poolId, limit, ...values])).rows;
    },
    async complete() {
      const both = await Promise.all([readModels.whenCaughtUp('directory_users_by_pool'), readModels.whenCaughtUp('directory_clients_by_pool')]);
      return both.every(({ fresh }) => fresh);
    },
    async numberOfUsers(poolId) {
      const { tableName } = readModels.serving('directory_user_counts');
      const { rows: [row] } = await db.repeatable<{ users: number }>(`select users from ${SCHEMA}.${tableName} where pool_id = $1`, [poolId]);
      return row?.users ?? 0;
    },
  };
}

interface Search {
  readonly where: string;
  /** From `$3` on. */
  readonly values: readonly unknown[];
  readonly order: string;
}

/** Each search walks one index from the place of the page on, and ends with its limit. */
function searchOf(criterion: UserCriterion, after: UserPlace | undefined): Search {
  const sub = after?.sub ?? '';
  const bySub = (condition: string, ...values: unknown[]): Search => ({ where: `and sub > $3 ${condition}`, values: [sub, ...values], order: 'sub' });
  switch (criterion.is) {
    case 'everybody': return bySub('');
    case 'nobody': return bySub('and false');
    case 'status': return bySub('and status = $4', criterion.status);
    case 'enabled': return bySub('and enabled = $4', criterion.enabled);
    case 'equal': return bySub(`and ${criterion.key} = $4`, criterion.value);
    case 'between': {
      const { key, range: { from, below } } = criterion;
      const upTo = (place: string) => (below === undefined ? '' : `and ${key} < ${place}`);
      const end = below === undefined ? [] : [below];
      if (key === 'sub') return bySub(`and sub >= $4 ${upTo('$5')}`, from, ...end);
      return { where: `and (${key}, sub) > ($3, $4) ${upTo('$5')}`, values: [after?.key ?? from, sub, ...end], order: `${key}, sub` };
    }
  }
}
