import type { StoredEvent, Transaction } from './event-store.js';

/**
 * What a service does about an event of another one: a plain function, called directly by the local bus and through a
 * thin shell by Kafka. `tx` has taken the event's id already, so a repeat does nothing; it is of the consumer's database.
 */
export type EventHandler<Event> = (event: Event, tx: Transaction) => Promise<void>;

/** One reader of other services' events, with its own progress. */
export interface Consumer<Event extends { readonly type: string }> {
  /** `<service>.<what it does>`, e.g. `authentication.purge`; it names the progress, so it never changes. */
  readonly name: string;
  /** By event type; all other types are skipped. */
  readonly on: { readonly [Type in Event['type']]?: EventHandler<Extract<Event, { type: Type }>> };
}

/** The service's map from its log to what it tells others: `undefined` for what it keeps to itself. */
export type IntegrationMap<Event> = (stored: StoredEvent) => Event | undefined;

/** Which events a consumer has had: delivery is at least once, effects are not. */
export interface Consumed {
  /** Takes the event's id in the handler's own transaction; `false` if this consumer has had it. */
  firstTime(tx: Transaction, consumer: string, eventId: string): Promise<boolean>;
}
