/**
 * What a service tells the others of its log, in the form of CloudEvents 1.0: at least once, in order per `partition`,
 * told apart by `id`. Only what the service's `integration.ts` maps leaves it.
 */
export interface IntegrationEvent<Type extends string = string, Data = unknown> {
  /** Id of the stored event. */
  readonly id: string;
  /** e.g. `directory.user.deleted`. */
  readonly type: Type;
  readonly version: number;
  /** The service, e.g. `directory`. */
  readonly source: string;
  /** What orders it: the stream it comes from. */
  readonly partition: string;
  readonly subject: Readonly<{ poolId: string; sub?: string }>;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly correlationId: string;
  readonly operation: string;
  readonly data: Data;
}

/** A user is gone for good: everybody purges what they hold of it. */
export type UserDeleted = IntegrationEvent<'directory.user.deleted', Readonly<{ poolId: string; sub: string }>>;
/** A pool is gone for good, with all its users. */
export type PoolDeleted = IntegrationEvent<'directory.pool.deleted', Readonly<{ poolId: string }>>;
export type PoolCreated = IntegrationEvent<'directory.pool.created', Readonly<{ poolId: string }>>;
export type ClientDeleted = IntegrationEvent<'directory.client.deleted', Readonly<{ poolId: string; clientId: string }>>;
