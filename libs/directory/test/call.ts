import { noEffects, type CallContext } from '@rollcall/contracts';
import { epochMillis } from '@rollcall/kernel';

let calls = 0;

/** A call of its own; with a request key it repeats whatever had the same one. */
export const call = (requestKey?: string): CallContext => ({
  correlationId: `call ${(calls += 1)}`,
  operation: 'Test',
  deadline: epochMillis(Number.MAX_SAFE_INTEGER),
  caller: { kind: 'administrator', id: 'AKIATEST' },
  clientMetadata: {},
  requestKey,
  effects: noEffects(),
});
