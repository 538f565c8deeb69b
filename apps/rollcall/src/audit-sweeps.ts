import { logEffects, sweepMissingRecords, type EffectSource, type Trail } from '@rollcall/audit';
import type { AuditPort } from '@rollcall/contracts';
import { repeatedly, type Log, type Time } from '@rollcall/eventing';
import { epochMillis } from '@rollcall/kernel';
import { uuidV7 } from '@rollcall/platform-crypto';

import { ownCall } from './own-call.js';
import type { ServiceName, Stores } from './stores.js';

export interface AuditSweepsNeeds {
  readonly stores: Stores;
  readonly audit: AuditPort;
  readonly trail: Trail;
  /** Effects that are no events. */
  readonly effects: readonly EffectSource[];
  readonly time: Time;
  readonly log: Log;
}

const EVERY_MILLIS = 15_000;
const PREPARE_EVERY_MILLIS = 3_600_000;
/** Services whose logs hold effects of calls. */
const logs: readonly ServiceName[] = ['directory', 'authentication', 'token'];

/** Writes audit records that a killed process left missing, and keeps the trail's tables in order; at once, then every 15 s. */
export function startAuditSweeps({ stores, audit, trail, effects, time, log }: AuditSweepsNeeds): { stop(): Promise<void> } {
  const sources = [
    ...logs.map((service) => logEffects('audit-sweep', { events: stores[service].events, checkpoints: stores[service].checkpoints, prefixes: [`${service}.`] })),
    ...effects,
  ];
  let preparedAt = 0;

  const prepare = async () => {
    if (time.now() - preparedAt <= PREPARE_EVERY_MILLIS) return;
    await trail.prepareDays();
    await trail.forgetRejected();
    preparedAt = time.now();
  };
  const sweep = async (source: EffectSource) => {
    const written = await sweepMissingRecords({ audit, clock: time, newId: (at) => uuidV7(epochMillis(at)), callFor: ownCall }, source);
    if (written > 0) log.warn({ effects: source.name, written }, 'audit records were missing and are written now');
  };
  const round = async (goesOn: () => boolean) => {
    await prepare().catch((error: unknown) => log.warn({ error }, 'the tables of the coming days wait'));
    for (const source of sources) {
      // Each for itself: one log that cannot be read must not hide what the others lack.
      if (goesOn()) await sweep(source).catch((error: unknown) => log.warn({ effects: source.name, error }, 'an audit sweep waits'));
    }
  };
  return repeatedly(time, EVERY_MILLIS, round, (error) => log.warn({ error }, 'the audit sweeps wait'));
}
