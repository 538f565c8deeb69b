import type { CallContext } from './call-context.js';

/** A method of a generated service definition: its path and the codec of its messages. */
export interface MethodDefinition {
  readonly path: string;
  readonly requestSerialize: (value: never) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (value: never) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}

export type ServiceDefinition = Readonly<Record<string, MethodDefinition>>;

/**
 * The port of a service: one function per method of its proto file, which is its contract and holds its docs. Refusals
 * are thrown as `DomainError`, and come back as the same `DomainError` whatever lies between.
 */
export type Port<Definition extends ServiceDefinition> = {
  readonly [Method in keyof Definition]: (
    request: ReturnType<Definition[Method]['requestDeserialize']>,
    call: CallContext,
  ) => Promise<ReturnType<Definition[Method]['responseDeserialize']>>;
};
