import type { Checkpoints, EventStore, Lease, Position, StoredEvent } from '@rollcall/eventing';

import type { Effect, EffectSource } from './audit-sweep.js';

const BATCH = 500;
const LEASE_MILLIS = 30_000;

export interface LogEffectsNeeds {
  readonly events: Pick<EventStore, 'readAll'>;
  readonly checkpoints: Checkpoints;
  /** Prefixes of the service's streams. */
  readonly prefixes: readonly string[];
}

/**
 * The events of a service's log as effects, from a checkpoint of their own. One process at a time reads them, the others
 * find none.
 */
export function logEffects(name: string, { events, checkpoints, prefixes }: LogEffectsNeeds): EffectSource {
  let lease: Lease | undefined;
  let position: Position | undefined;
  let upTo: Position | undefined;

  const giveBack = async (): Promise<readonly Effect[]> => {
    if (lease) await checkpoints.release(lease);
    lease = undefined;
    return [];
  };

  return {
    name,
    async next(before) {
      if (!lease) {
        lease = await checkpoints.acquire(name, LEASE_MILLIS);
        if (!lease) return [];
        position = lease.position;
      } else if (!(await checkpoints.renew(lease, LEASE_MILLIS))) {
        lease = undefined;
        return [];
      }
      const read = await events.readAll({ after: position, prefixes, limit: BATCH });
      const young = read.events.findIndex((event) => event.recordedAt >= before);
      const ripe = young < 0 ? read.events : read.events.slice(0, young);
      upTo = young < 0 ? read.next : ripe.at(-1)?.position;
      return ripe.length > 0 ? ripe.map(effectOf) : giveBack();
    },
    async done() {
      if (!lease || upTo === undefined) return;
      await checkpoints.commit(lease, upTo, async () => undefined);
      position = upTo;
    },
  };
}

const effectOf = ({ id, stream, subject, meta, recordedAt }: StoredEvent): Effect => ({
  correlationId: meta.correlationId,
  operation: meta.operation,
  caller: meta.caller,
  poolId: subject?.poolId ?? poolOfStream(stream),
  sub: subject?.sub,
  eventIds: [id],
  at: recordedAt,
});

/** Stream names are `<service>.<kind>-<poolId>` or `<service>.<kind>-<poolId>.<id>`. */
const poolOfStream = (stream: string): string | undefined => /^[a-z]+\.[a-z]+-([\w-]+_[0-9A-Za-z]+)(?:\.|$)/.exec(stream)?.[1];
