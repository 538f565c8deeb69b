import { describe, expect, it, jest } from '@jest/globals';
import type { AuditPort } from '@rollcall/contracts';
import { epochMillis } from '@rollcall/kernel';

import { auditGate } from '../src/audit-gate.js';
import type { AuditEntry } from '../src/audit-trail.js';

const entry: AuditEntry = {
  recordId: 'r', at: epochMillis(5), correlationId: 'c', operation: 'SignUp', outcome: 'ok', caller: { kind: 'anonymous', id: '' }, typedName: 'ada', eventIds: ['e'],
};
const gate = (over: Partial<AuditPort>) => {
  const audit = {
    record: async () => ({}), missing: async () => ({ correlationIds: [] }), tail: async () => ({ records: [] }), probe: async () => ({}), countRejected: async () => ({}), ...over,
  } as AuditPort;
  return auditGate({ audit, clock: { now: () => epochMillis(1_000) }, newId: () => 'id' });
};

describe('the audit gate', () => {
  it('hands on what a call did, with the name as typed for the trail to hash', async () => {
    const record = jest.fn<AuditPort['record']>(async () => ({}));
    const trail = gate({ record });
    await trail.record(entry);
    expect(record.mock.calls[0]?.[0]).toEqual({ ...entry, eventIds: ['e'] });
    expect(trail.open()).toBe(true);
  });

  it('shuts when a record cannot be written, and opens when a probe can', async () => {
    jest.useFakeTimers();
    try {
      let away = true;
      const trail = gate({
        record: async () => { throw new Error('disk full'); },
        probe: async () => { if (away) throw new Error('disk full'); return {}; },
      });
      await expect(trail.record(entry)).rejects.toThrow('disk full');
      expect(trail.open()).toBe(false);
      await jest.advanceTimersByTimeAsync(2_000);
      expect(trail.open()).toBe(false);
      away = false;
      await jest.advanceTimersByTimeAsync(600);
      expect(trail.open()).toBe(true);
      trail.stop();
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not let a flood of rejected calls become memory', async () => {
    const counted = jest.fn<AuditPort['countRejected']>(() => new Promise(() => undefined));
    const trail = gate({ countRejected: counted });
    for (let n = 0; n < 5_000; n++) trail.countRejected('192.0.2.1', 'signature');
    expect(counted).toHaveBeenCalledTimes(1_000);
  });
});
