import { describe, expect, it } from '@jest/globals';
import type { Effect, EffectSource, Trail } from '@rollcall/audit';
import type { AuditPort, wire } from '@rollcall/contracts';
import { memoryStore, recordingLog, virtualTime } from '@rollcall/eventing/testing';

import { startAuditSweeps } from '../src/audit-sweeps.js';
import type { Stores } from '../src/stores.js';

/** Effects that are given out once. */
function onceFrom(name: string, effects: readonly Effect[]): EffectSource {
  let left = effects;
  return { name, next: async () => left, done: async () => { left = []; } };
}

const lost: Effect = { correlationId: 'lost', operation: 'InitiateAuth', caller: { kind: 'anonymous', id: '' }, eventIds: [], at: 1_700_000_000_000 };

describe('the sweeps of a process', () => {
  const scene = (trail: Partial<Trail>) => {
    const recorded: wire.audit.AuditRecord[] = [];
    let swept = () => {};
    const first = new Promise<void>((resolve) => { swept = resolve; });
    const audit = {
      missing: async ({ correlationIds }: { readonly correlationIds: string[] }) => ({ correlationIds }),
      record: async (record: wire.audit.AuditRecord) => { recorded.push(record); swept(); return {}; },
    } as unknown as AuditPort;
    const working = memoryStore();
    const broken = { ...working, readAll: () => Promise.reject(new Error('a log that cannot be read')) };
    const storeOf = (events: typeof working) => ({ events, checkpoints: working });
    const stores = { directory: storeOf(broken), authentication: storeOf(working), token: storeOf(working) } as unknown as Stores;
    const log = recordingLog();
    const sweeps = startAuditSweeps({
      stores, audit, log, time: virtualTime(),
      trail: { prepareDays: async () => {}, forgetRejected: async () => {}, ...trail } as Trail,
      effects: [onceFrom('rows', [lost])],
    });
    return { sweeps, first, recorded, log };
  };

  it('K4: write the missing records of one log although another cannot be read', async () => {
    const { sweeps, first, recorded, log } = scene({});
    await first;
    await sweeps.stop();
    expect(recorded).toMatchObject([{ correlationId: 'lost', outcome: 'unknown' }]);
    expect(log.messages('warn')).toContain('an audit sweep waits');
  });

  it('K4: write missing records although the tables of the coming days cannot be made', async () => {
    const { sweeps, first, recorded } = scene({ prepareDays: () => Promise.reject(new Error('no table can be made')) });
    await first;
    await sweeps.stop();
    expect(recorded).toHaveLength(1);
  });
});
