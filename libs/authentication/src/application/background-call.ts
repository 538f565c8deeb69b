import { noEffects, type CallContext } from '@rollcall/contracts';
import { epochMillis, type Clock } from '@rollcall/kernel';

const DEADLINE_MILLIS = 10_000;

/** The context of what the service does by itself. @param correlationId of the call that it goes back to */
export const backgroundCall = (clock: Clock, operation: string, correlationId: string): CallContext => ({
  correlationId, operation, deadline: epochMillis(clock.now() + DEADLINE_MILLIS), caller: { kind: 'service', id: 'authentication' }, clientMetadata: {}, effects: noEffects(),
});
