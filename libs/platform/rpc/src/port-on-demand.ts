import type { CallContext, Port, ServiceDefinition } from '@rollcall/contracts';

type Method = (request: never, call: CallContext) => Promise<unknown>;

/**
 * A port that is looked up when it is first called: services are bound by their modules, and each is given the others'
 * ports before all modules exist.
 */
export function portOnDemand<Definition extends ServiceDefinition>(definition: Definition, find: () => Port<Definition>): Port<Definition> {
  let found: Port<Definition> | undefined;
  const methods = Object.keys(definition).map((name) => [name, (request: never, call: CallContext) => {
    found ??= find();
    return (found[name as keyof Definition] as unknown as Method)(request, call);
  }] as const);
  return Object.fromEntries(methods) as unknown as Port<Definition>;
}
