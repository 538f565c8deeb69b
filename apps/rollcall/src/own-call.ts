import { noEffects, type CallContext } from '@rollcall/contracts';
import { epochMillis } from '@rollcall/kernel';
import { uuidV4 } from '@rollcall/platform-crypto';

const DEADLINE_MILLIS = 10_000;

/** The context of a call that no request caused: upkeep, sweeps, pages. */
export const ownCall = (operation: string, source?: string): CallContext => ({
  correlationId: uuidV4(),
  operation,
  deadline: epochMillis(Date.now() + DEADLINE_MILLIS),
  caller: { kind: 'service', id: 'rollcall' },
  source,
  clientMetadata: {},
  effects: noEffects(),
});
