import { noEffects, type CallContext } from '@rollcall/contracts';
import { epochMillis } from '@rollcall/kernel';

let calls = 0;

/** A call of its own, with a key where the request may be repeated. */
export function callOf(operation: string, requestKey?: string): CallContext {
  calls += 1;
  return {
    correlationId: `00000000-0000-4000-8000-${String(calls).padStart(12, '0')}`,
    operation,
    deadline: epochMillis(Date.now() + 60_000),
    caller: { kind: 'anonymous', id: '' },
    clientMetadata: {},
    requestKey,
    effects: noEffects(),
  };
}
