import type { UserCriterion } from '../domain/user-search.js';
import type { ClientRow } from './clients-by-pool.js';
import type { PoolRow } from './pools.js';
import type { UserRow } from './users-by-pool.js';

/** The place after which a page of users begins: a sub, and in a range the key that the rows are ordered by before that. */
export interface UserPlace {
  readonly key?: string;
  readonly sub: string;
}

/**
 * The questions that read models answer, each in an order that does not change while somebody pages. They see every write
 * acknowledged before they began; after two seconds of waiting for that they answer as they are.
 */
export interface Lists {
  /** Up to `limit` pools of a region after one, by id. */
  pools(region: string, limit: number, after: string | undefined): Promise<readonly PoolRow[]>;
  clients(poolId: string, limit: number, after: string | undefined): Promise<readonly ClientRow[]>;
  users(poolId: string, criterion: UserCriterion, limit: number, after: UserPlace | undefined): Promise<readonly UserRow[]>;
  /** Whether users and clients include everybody who began before this was asked. */
  complete(): Promise<boolean>;
  /** As far as it has come: nobody waits for an estimate. */
  numberOfUsers(poolId: string): Promise<number>;
}
