import {
  CallContextMessage,
  contextFromWire,
  contextToWire,
  refusal,
  type CallContext,
  type Port,
  type ServiceDefinition,
} from '@rollcall/contracts';
import { DomainError } from '@rollcall/kernel';

import { failureFromWire, failureToWire } from './failure.js';

type Method = (request: never, call: CallContext) => Promise<unknown>;

/**
 * A service in the same process, reached through its protobuf codec: what would not survive the wire does not survive
 * here either, and nobody shares a mutable object with another service. Each callee gets a context of its own; what it
 * did comes back into the caller's, with answers and with refusals.
 */
export function loopbackPort<Definition extends ServiceDefinition>(definition: Definition, service: Port<Definition>): Port<Definition> {
  const methods = Object.entries(definition).map(([name, { path, requestSerialize, requestDeserialize, responseSerialize, responseDeserialize }]) => {
    const callee = service[name as keyof Definition] as unknown as Method;
    const method = async (request: never, call: CallContext): Promise<unknown> => {
      if (call.deadline <= Date.now()) throw refusal('DeadlineExceeded', { method: path });
      const context = contextFromWire(CallContextMessage.decode(CallContextMessage.encode(contextToWire(call)).finish()));
      try {
        const answer = await callee(requestDeserialize(requestSerialize(request)) as never, context);
        return responseDeserialize(responseSerialize(answer as never));
      } catch (error) {
        if (error instanceof DomainError) throw failureFromWire(failureToWire(error), { cause: error });
        throw error;
      } finally {
        call.effects.eventIds.push(...context.effects.eventIds);
        if (context.effects.sub !== undefined) call.effects.sub = context.effects.sub;
        if (context.effects.poolId !== undefined) call.effects.poolId = context.effects.poolId;
      }
    };
    return [name, method] as const;
  });
  return Object.fromEntries(methods) as unknown as Port<Definition>;
}
