import { noEffects, type AuditPort, type CallContext } from '@rollcall/contracts';
import { epochMillis, type Clock } from '@rollcall/kernel';

import type { AuditEntry, AuditTrail, Rejection } from './audit-trail.js';

const PROBE_EVERY_MS = 500;
const DEADLINE_MS = 5_000;
/** Counts waiting to be written; above it they are dropped, for a flood must not become memory. */
const MOST_COUNTS = 1_000;

export interface AuditGateNeeds {
  readonly audit: AuditPort;
  readonly clock: Clock;
  readonly newId: () => string;
}

/**
 * The audit trail of the first entry, with its gate: a record that cannot be written shuts it, so that nothing more is
 * done unrecorded, and a probe opens it again.
 */
export function auditGate({ audit, clock, newId }: AuditGateNeeds): AuditTrail & { stop(): void } {
  let open = true;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let counting = 0;

  const callFor = (operation: string): CallContext => ({
    correlationId: newId(),
    operation,
    deadline: epochMillis(clock.now() + DEADLINE_MS),
    caller: { kind: 'service', id: 'edge' },
    clientMetadata: {},
    effects: noEffects(),
  });

  const probe = () => {
    timer = undefined;
    audit.probe({}, callFor('ProbeAudit')).then(() => { open = true; }, () => shut());
  };
  const shut = () => {
    open = false;
    if (timer === undefined && !stopped) timer = setTimeout(probe, PROBE_EVERY_MS).unref();
  };

  return {
    open: () => open,
    async record({ typedName, caller, eventIds, ...entry }: AuditEntry) {
      try {
        await audit.record({ ...entry, caller: { ...caller }, eventIds: [...eventIds], typedName }, callFor(entry.operation));
      } catch (error) {
        shut();
        throw error;
      }
    },
    countRejected(source: string | undefined, reason: Rejection) {
      if (counting >= MOST_COUNTS) return;
      counting += 1;
      // A count is no record: losing one while the trail is away loses nothing that happened.
      audit.countRejected({ source: source ?? 'unknown', reason }, callFor('CountRejected')).catch(shut).finally(() => { counting -= 1; });
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
