import type { Checkpoints, EventStore, Position, Transactions } from './event-store.js';
import { listReadModels, servingOf, type ReadModelFacts } from './list-read-models.js';
import type { Log } from './log.js';
import { systemTime, type Time } from './pause.js';
import type { ServingVersions } from './projection.js';
import { tableNameOf, type ReadModel } from './read-model.js';
import { runSubscription, type Subscription, type SubscriptionStatus } from './subscription.js';
import { verifyReadModel, type Verification } from './verify-read-model.js';

export interface ProjectionNeeds {
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  readonly transactions: Transactions;
  readonly versions: ServingVersions;
  readonly log: Log;
  readonly time?: Time;
  /** A read model stopped at an event that it must not skip. */
  readonly onStopped?: (tableName: string, reason: Error) => void;
  /** Events in one transaction at most; few enough that filling holds nobody up. */
  readonly batch?: number;
  readonly leaseTtlMillis?: number;
  readonly pollMillis?: number;
}

export interface ProjectionRunner {
  /** The version that answers queries now. */
  serving(name: string): { readonly version: number; readonly tableName: string };
  /**
   * For a list query: waits until the serving table has passed the log's head as it is now, so that callers read their
   * own writes. After the time it answers nevertheless, with `fresh: false`, and counts it.
   */
  whenCaughtUp(name: string, withinMillis?: number): Promise<{ readonly tableName: string; readonly fresh: boolean }>;
  /** How many queries were answered from a table that had not caught up, since the start. */
  staleReads(): number;
  /** Compares a table with the log. @param version the serving one if absent */
  verify(name: string, version?: number): Promise<Verification>;
  /** With what this process does for each. */
  list(): Promise<readonly (ReadModelFacts & { readonly status: SubscriptionStatus['is'] })[]>;
  /** Tables that stopped for good: the process is not ready then. */
  stopped(): readonly string[];
  /** Drops the tables of versions below the serving one that this release does not declare. @returns their names */
  dropRetired(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** How long one look at a table that is being filled lasts. */
const WATCH_MILLIS = 1_000;

/**
 * Keeps read models up to date. A version that is new is filled beside the one that serves and serves itself once it has
 * passed the log's head as it was at the start; the switch is kept.
 *
 * @throws what creating a table throws: without it no query can be answered
 */
export async function runProjections(needs: ProjectionNeeds, models: readonly ReadModel[]): Promise<ProjectionRunner> {
  const { store, checkpoints, transactions, versions, log, time = systemTime, onStopped, batch, leaseTtlMillis, pollMillis } = needs;
  const byName = grouped(models);
  const serving = new Map<string, ReadModel>();
  for (const [name, declared] of byName) serving.set(name, servingOf(declared, await versions.serving(name)) as ReadModel);
  for (const model of models) await createTable(transactions, model);
  const head = await store.head();

  const subscriptions = new Map<ReadModel, Subscription>(models.map((model) => [model, runSubscription({
    store, checkpoints, log, time,
    name: model.tableName,
    prefixes: model.prefixes,
    handle: (events, tx) => model.apply(events, tx, model.tableName),
    onStopped: (reason) => onStopped?.(model.tableName, reason),
    ...(batch === undefined ? {} : { batch }),
    ...(leaseTtlMillis === undefined ? {} : { leaseTtlMillis }),
    ...(pollMillis === undefined ? {} : { pollMillis }),
  })]));
  const subscriptionOf = (model: ReadModel) => subscriptions.get(model) as Subscription;
  let stopping = false;
  let stale = 0;

  function servingModel(name: string): ReadModel {
    const model = serving.get(name);
    if (!model) throw new RangeError(`there is no read model ${name}`);
    return model;
  }

  /** Lets a version serve when it has caught up, unless a newer one did first. */
  async function watch(model: ReadModel, target: Position | undefined): Promise<void> {
    const subscription = subscriptionOf(model);
    while (!stopping && subscription.status().is !== 'stopped') {
      try {
        if (target !== undefined && !(await subscription.caughtUp(target, WATCH_MILLIS))) continue;
        if (servingModel(model.name).version >= model.version) return;
        await versions.switchTo(model.name, model.version);
        if (servingModel(model.name).version >= model.version) return;
        serving.set(model.name, model);
        log.info({ readModel: model.name, version: model.version }, 'a read model serves from a new table');
        return;
      } catch (error) {
        log.warn({ readModel: model.name, version: model.version, error }, 'it cannot be seen whether a new table has caught up');
        if (!stopping) await time.pause(WATCH_MILLIS).over;
      }
    }
  }

  const watching = models.filter((model) => model.version > servingModel(model.name).version).map((model) => watch(model, head));

  return {
    serving(name) {
      const { version, tableName } = servingModel(name);
      return { version, tableName };
    },
    async whenCaughtUp(name, withinMillis = 2_000) {
      const model = servingModel(name);
      const target = await store.head();
      const fresh = target === undefined || await subscriptionOf(model).caughtUp(target, withinMillis);
      if (!fresh) stale += 1;
      return { tableName: model.tableName, fresh };
    },
    staleReads: () => stale,
    verify(name, version = servingModel(name).version) {
      const model = byName.get(name)?.find((each) => each.version === version);
      if (!model) throw new RangeError(`there is no version ${version} of ${name}`);
      return verifyReadModel(needs, model);
    },
    async list() {
      const facts = await listReadModels(needs, models);
      return facts.map((each, n) => ({ ...each, status: subscriptionOf(models[n] as ReadModel).status().is }));
    },
    stopped: () => models.filter((model) => subscriptionOf(model).status().is === 'stopped').map(({ tableName }) => tableName),
    async dropRetired() {
      const dropped: string[] = [];
      for (const [name, declared] of byName) {
        const newest = servingModel(name);
        for (let version = 1; version < newest.version; version++) {
          if (declared.some((model) => model.version === version)) continue;
          const tableName = tableNameOf(name, version);
          await transactions.transaction(async (tx) => {
            await newest.drop(tx, tableName);
            await checkpoints.forget(tableName, tx);
          });
          dropped.push(tableName);
        }
      }
      return dropped;
    },
    async stop() {
      stopping = true;
      await Promise.all([...subscriptions.values()].map((subscription) => subscription.stop()));
      await Promise.all(watching);
    },
  };
}

/** Read models by name. */
function grouped(models: readonly ReadModel[]): ReadonlyMap<string, readonly ReadModel[]> {
  const byName = new Map<string, readonly ReadModel[]>();
  for (const model of models) {
    const others = byName.get(model.name) ?? [];
    if (others.some(({ version }) => version === model.version)) throw new RangeError(`${model.tableName} is declared twice`);
    byName.set(model.name, [...others, model]);
  }
  return byName;
}

/** Another process may create it at this very moment, which fails here: then it is there. */
async function createTable(transactions: Transactions, model: ReadModel): Promise<void> {
  const create = () => transactions.transaction((tx) => model.create(tx, model.tableName));
  await create().catch(create);
}
