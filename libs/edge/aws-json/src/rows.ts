import type { CallContext } from '@rollcall/contracts';
import type { ClientId, PoolId, Sub } from '@rollcall/kernel';

import type { ServiceFacts } from './facts.js';
import type { Signer } from './sigv4/verify.js';

/** How an operation finds out who calls. There is no default: an operation without a mode does not exist. */
export type Mode =
  /** Signed with an administrator's or a service's access key. */
  | 'sigv4'
  /** By anyone; a signature is neither needed nor looked at. */
  | 'public'
  /** With a user's access token in the body. */
  | 'token'
  /** With a user's access token, or with the `Session` of a sign-in in flight, which the row's port checks. */
  | 'token-or-session';

/** Whom a valid access token stands for. */
export interface TokenPrincipal {
  readonly poolId: PoolId;
  readonly clientId: ClientId;
  readonly sub: Sub;
  readonly username: string;
  readonly scopes: readonly string[];
  /** Absent in tokens of clients without token revocation. */
  readonly originJti?: string | undefined;
}

export interface SignedCall extends CallContext {
  readonly signer: Signer;
}
export interface TokenCall extends CallContext {
  readonly principal: TokenPrincipal;
}
export interface MaybeTokenCall extends CallContext {
  readonly principal?: TokenPrincipal | undefined;
}

/** An interface has no index signature, hence by its own keys. */
type OperationTypes<Operations> = { readonly [Name in keyof Operations]: { readonly input: unknown; readonly output: unknown } };

/** One operation as it is offered: translate in, call a port, translate out. */
export interface Row<Ports> {
  readonly mode: Mode;
  readonly handle: (input: never, ports: Ports, call: never) => Promise<unknown>;
}

/** Rows of a service by operation. `Name` keeps a row from standing under another operation's name. */
export type OperationTable<Operations, Ports> = { readonly [Name in keyof Operations]: NamedRow<Operations, Ports, Name> };

export interface NamedRow<Operations, Ports, Name extends keyof Operations> extends Row<Ports> {
  readonly of?: (name: Name, operations: Operations) => void;
}

type Handle<Operations extends OperationTypes<Operations>, Ports, Name extends keyof Operations, Call> =
  (input: Operations[Name]['input'], ports: Ports, call: Call) => Promise<Operations[Name]['output']>;

/** `op<'GetUser'>('token', async (input, ports, call) => ...)`: what `call` knows of the caller follows from the mode. */
export interface Op<Operations extends OperationTypes<Operations>, Ports> {
  <Name extends keyof Operations>(mode: 'sigv4', handle: Handle<Operations, Ports, Name, SignedCall>): NamedRow<Operations, Ports, Name>;
  <Name extends keyof Operations>(mode: 'public', handle: Handle<Operations, Ports, Name, CallContext>): NamedRow<Operations, Ports, Name>;
  <Name extends keyof Operations>(mode: 'token', handle: Handle<Operations, Ports, Name, TokenCall>): NamedRow<Operations, Ports, Name>;
  <Name extends keyof Operations>(mode: 'token-or-session', handle: Handle<Operations, Ports, Name, MaybeTokenCall>): NamedRow<Operations, Ports, Name>;
}

/** The `op` of one service, over its generated operations and the ports its rows use. */
export const opOf = <Operations extends OperationTypes<Operations>, Ports>(): Op<Operations, Ports> =>
  ((mode: Mode, handle: Row<Ports>['handle']) => ({ mode, handle })) as Op<Operations, Ports>;

/**
 * Demands that no row is more open than the model says.
 *
 * @param unsignedToo operations that callers may use unsigned although the model marks them signed
 * @throws {TypeError} for an unknown operation, a missing mode, or a row without signature for a signed operation
 */
export function demandModes(rows: Readonly<Record<string, Row<never>>>, { operations }: ServiceFacts, unsignedToo: ReadonlySet<string>): void {
  for (const [name, { mode }] of Object.entries(rows)) {
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) throw new TypeError(`a row for ${name}, which the model does not know`);
    const allowed: readonly Mode[] = operation.signed && !unsignedToo.has(name) ? ['sigv4'] : ['public', 'token', 'token-or-session'];
    if (!allowed.includes(mode)) throw new TypeError(`${name} cannot be offered as ${mode}`);
  }
}
