import type { AuditPort, CallContext } from '@rollcall/contracts';
import { noEffects } from '@rollcall/contracts';
import type { Clock } from '@rollcall/kernel';

/** Something a service did for a call: an event or a decision row, with what a record of that call needs. */
export interface Effect {
  readonly correlationId: string;
  readonly operation: string;
  readonly caller: Readonly<{ kind: string; id: string }>;
  readonly poolId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly sub?: string | undefined;
  readonly eventIds: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Where a service's effects are read from, in order, with a checkpoint that is the source's own business. */
export interface EffectSource {
  readonly name: string;
  /** The next effects that happened before an instant, at most some hundred; none at the end. */
  next(before: number): Promise<readonly Effect[]>;
  /** All effects of the last `next` have their record. */
  done(): Promise<void>;
}

/** A call that still runs is not missing its record yet. */
const RIPE_MILLIS = 60_000;

/**
 * Writes the records that are missing: a process that dies between an effect and its record leaves an effect alone. Such
 * a call's outcome is `unknown`: its caller got no answer from us. What a service does by itself, such as tidying up
 * after a deletion, has no first entry that records it and is written here as a matter of course.
 *
 * @returns how many records were written
 */
export async function sweepMissingRecords(
  needs: { readonly audit: AuditPort; readonly clock: Clock; readonly newId: (at: number) => string; readonly callFor: (operation: string) => CallContext },
  source: EffectSource,
): Promise<number> {
  let written = 0;
  for (;;) {
    const effects = await source.next(needs.clock.now() - RIPE_MILLIS);
    if (effects.length === 0) return written;
    const byCall = new Map<string, Effect>();
    for (const effect of effects) {
      const known = byCall.get(effect.correlationId);
      byCall.set(effect.correlationId, known ? { ...known, sub: known.sub ?? effect.sub, eventIds: [...known.eventIds, ...effect.eventIds] } : effect);
    }
    const call = needs.callFor('AuditSweep');
    const { correlationIds } = await needs.audit.missing({ correlationIds: [...byCall.keys()] }, call);
    for (const correlationId of correlationIds) {
      const effect = byCall.get(correlationId);
      if (!effect) continue;
      const { at, operation, caller, poolId, clientId, sub, eventIds } = effect;
      await needs.audit.record({
        recordId: needs.newId(at), at, correlationId, operation, outcome: caller.kind === 'service' ? 'ok' : 'unknown', caller: { ...caller },
        poolId, clientId, sub, eventIds: [...eventIds],
      }, { ...call, effects: noEffects() });
      written += 1;
    }
    await source.done();
  }
}
