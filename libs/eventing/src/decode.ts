import type { DomainEvent } from '@rollcall/kernel';

import type { StoredEvent } from './event-store.js';
import { UnknownStoredEvent } from './store-errors.js';

interface Readable {
  readonly type: string;
  read(data: unknown, version: number): unknown;
}

/** The events that a reader knows, by stored type name. */
export type Definitions<Event extends DomainEvent> = ReadonlyMap<Event['type'], Readable>;

type AnyDefinition = Readable & ((...args: never[]) => DomainEvent);

/** Collects the definitions of an aggregate for reading. */
export function definitionsOf<const D extends Readonly<Record<string, AnyDefinition>>>(
  definitions: D,
): Definitions<ReturnType<D[keyof D]>> {
  return new Map(Object.values(definitions).map((d) => [d.type as ReturnType<D[keyof D]>['type'], d]));
}

/**
 * A stored event as the domain knows it, in its newest version.
 * @throws {UnknownStoredEvent} for a type or version this release does not know: never skipped
 */
export function decode<Event extends DomainEvent>(definitions: Definitions<Event>, stored: StoredEvent): Event {
  const definition = definitions.get(stored.type);
  if (!definition) throw new UnknownStoredEvent(stored.type, stored.version);
  let data: unknown;
  try {
    data = definition.read(stored.data, stored.version);
  } catch (cause) {
    throw new UnknownStoredEvent(stored.type, stored.version, { cause });
  }
  const event = { type: stored.type, version: stored.version, data };
  return (stored.personal === undefined ? event : { ...event, personal: stored.personal }) as unknown as Event;
}
