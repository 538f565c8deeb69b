import type { DirectoryPort, wire } from '@rollcall/contracts';
import { canonicalJson } from '@rollcall/kernel';

import { criterionOf, keyOf, type KeyName, type UserCriterion } from '../domain/user-search.js';
import type { ClientRow } from '../read-models/clients-by-pool.js';
import type { Lists, UserPlace } from '../read-models/lists.js';
import type { PoolRow } from '../read-models/pools.js';
import type { UserRow } from '../read-models/users-by-pool.js';
import type { Contexts } from './contexts.js';
import { pageOf, type PageTokens } from './page-tokens.js';

export interface ListNeeds {
  readonly lists: Lists;
  readonly tokens: PageTokens;
}

export const listPools = ({ lists, tokens }: ListNeeds): DirectoryPort['listPools'] =>
  async ({ region, limit, next }) => {
    const page = await pageOf<PoolRow>(tokens, {
      list: canonicalJson(['pools', region]), limit, next,
      rows: (most, after) => lists.pools(region, most, after?.[0]),
      placeOf: ({ poolId }) => [poolId],
    });
    return { pools: page.rows.map(({ region: _, ...row }) => ({ ...row, revision: NOT_TOLD })), next: page.next };
  };

export const listClients = ({ lists, tokens }: ListNeeds, known: Contexts): DirectoryPort['listClients'] =>
  async (request) => {
    const { poolId } = await known.pool(request.poolId);
    const page = await pageOf<ClientRow>(tokens, {
      list: canonicalJson(['clients', poolId]), limit: request.limit, next: request.next,
      rows: (most, after) => lists.clients(poolId, most, after?.[0]),
      placeOf: ({ clientId }) => [clientId],
    });
    return { clients: page.rows.map((row) => ({ ...row, revision: NOT_TOLD, secrets: [] })), next: page.next };
  };

export const listUsers = ({ lists, tokens }: ListNeeds, known: Contexts): DirectoryPort['listUsers'] =>
  async ({ poolId: asked, limit, next, filter }) => {
    const { poolId, settings } = await known.pool(asked);
    const criterion = criterionOf(filter, settings.UsernameConfiguration.CaseSensitive);
    const page = await pageOf<UserRow>(tokens, {
      list: canonicalJson(['users', poolId, filter]), limit, next,
      rows: async (most, after) => (criterion.is === 'nobody' ? [] : lists.users(poolId, criterion, most, after && placeIn(after))),
      placeOf: (row) => placeAfter(criterion, row),
    });
    return { users: page.rows.map(userLine), next: page.next };
  };

/** Rows of a range are ordered by its key before the sub. */
const placeAfter = (criterion: UserCriterion, row: UserRow): readonly string[] =>
  (criterion.is === 'between' && criterion.key !== 'sub' ? [row.sub, keyOfRow(row, criterion.key)] : [row.sub]);

const placeIn = ([sub = '', key]: readonly string[]): UserPlace => (key === undefined ? { sub } : { sub, key });

const keyOfRow = ({ username, attributes }: UserRow, key: KeyName): string =>
  keyOf(key === 'username' ? username : (attributes.find(([name]) => name === key)?.[1] ?? ''));

/** Who lists does not learn revisions, credentials or sessions: who acts on a user reads the user. */
const NOT_TOLD = -1;

const userLine = ({ attributes, ...row }: UserRow): wire.directory.User =>
  ({ ...row, attributes: attributes.map(([name, value]) => ({ name, value })), sessionGeneration: NOT_TOLD, revision: NOT_TOLD, groups: [] });
