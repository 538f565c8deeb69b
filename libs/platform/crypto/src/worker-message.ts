import type { ErrorDetails } from '@rollcall/kernel';
import type { Job } from './jobs.js';
import type { PowerPath } from './power.js';

/** To a worker. */
export type Task = { readonly job: Job; readonly input: object } | { readonly job: 'prepare' };

/** From a worker. A refusal travels as data: a cloned error loses its class and code. */
export type Outcome = { readonly path: PowerPath } & (
  | { readonly value: unknown }
  | { readonly refused: { readonly code: string; readonly details: ErrorDetails } }
);

/**
 * A value whose byte arrays own their memory. A small Buffer is a window on a pool that all small Buffers of a thread share,
 * and a message copies the whole pool: other secrets would travel along.
 */
export function detached(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, member instanceof Uint8Array ? new Uint8Array(member) : member]));
}
