import type { Checkpoints, EventStore, Position } from './event-store.js';
import { systemTime, type Time } from './pause.js';
import type { ServingVersions } from './projection.js';
import type { ReadModel } from './read-model.js';
import { TamperedEvent } from './store-errors.js';

export interface ListNeeds {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly checkpoints: Pick<Checkpoints, 'position'>;
  readonly versions: Pick<ServingVersions, 'serving'>;
  readonly time?: Time;
}

export interface ReadModelFacts {
  readonly name: string;
  readonly version: number;
  readonly tableName: string;
  readonly serving: boolean;
  readonly position: Position | undefined;
  /** Age of the oldest event that it has not seen; 0 if it has seen all; `undefined` if that event cannot be read. */
  readonly lagMillis: number | undefined;
}

/** How far the read models of a service are, whichever process keeps them. */
export async function listReadModels(needs: ListNeeds, models: readonly ReadModel[]): Promise<readonly ReadModelFacts[]> {
  return Promise.all(models.map(async (model) => {
    const { name, version, tableName, prefixes } = model;
    const declared = models.filter((each) => each.name === name);
    const serving = servingOf(declared, await needs.versions.serving(name)) === model;
    const position = await needs.checkpoints.position(tableName);
    return { name, version, tableName, serving, position, lagMillis: await lag(needs, prefixes, position) };
  }));
}

/**
 * The one that answers queries of those declared: what was switched to; where this release does not declare that, the
 * next older one, or else the oldest.
 */
export function servingOf(declared: readonly ReadModel[], kept: number | undefined): ReadModel | undefined {
  const ascending = [...declared].sort((a, b) => a.version - b.version);
  return (kept === undefined ? undefined : ascending.findLast(({ version }) => version <= kept)) ?? ascending[0];
}

async function lag({ store, time = systemTime }: ListNeeds, prefixes: readonly string[], after: Position | undefined): Promise<number | undefined> {
  try {
    for (let from = after; ;) {
      const { events, next } = await store.readAll({ after: from, prefixes, limit: 1 });
      if (events[0]) return Math.max(0, time.now() - events[0].recordedAt);
      if (next === from) return 0;
      from = next;
    }
  } catch (error) {
    if (error instanceof TamperedEvent) return undefined;
    throw error;
  }
}
