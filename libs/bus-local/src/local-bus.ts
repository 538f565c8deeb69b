import type { IntegrationEvent } from '@rollcall/contracts';
import {
  runSubscription, type Checkpoints, type Consumed, type EventStore, type IntegrationMap, type Log, type StoredEvent, type SubscriptionStatus, type Time,
  type Transaction,
} from '@rollcall/eventing';

/** A service that tells others of its log. */
export interface Producer {
  /** e.g. `directory`: the first part of its stream names and event types, and the `source` of what it tells. */
  readonly service: string;
  readonly store: Pick<EventStore, 'readAll' | 'onAppend' | 'compare' | 'head'>;
  readonly integration: IntegrationMap<IntegrationEvent>;
}

/** `Consumer<...>` of eventing, whatever events it is for. */
export interface AnyConsumer {
  readonly name: string;
  readonly on: Readonly<Record<string, ((event: never, tx: Transaction) => Promise<void>) | undefined>>;
}

/** A service that listens to others; its progress lies beside what its handlers write. */
export interface Listener {
  readonly checkpoints: Checkpoints;
  readonly consumed: Consumed;
  readonly consumers: readonly AnyConsumer[];
}

export interface LocalBusNeeds {
  readonly producers: readonly Producer[];
  readonly listeners: readonly Listener[];
  readonly log: Log;
  readonly time?: Time;
  /** A consumer stopped at a stored event that must not be skipped: the process is not ready then. */
  readonly onStopped?: (subscription: string, reason: Error) => void;
  readonly leaseTtlMillis?: number;
  readonly pollMillis?: number;
}

export interface LocalBus {
  status(): readonly { readonly subscription: string; readonly is: SubscriptionStatus['is'] }[];
  /** Consumers that stopped for good. */
  stopped(): readonly string[];
  /** Whether every consumer has had what its producers had appended when asked; for tests and a drain. */
  caughtUp(withinMillis: number): Promise<boolean>;
  /** Finishes what is in hand. */
  stop(): Promise<void>;
}

/**
 * Integration events within one process: as with Kafka at least once, in order per stream and resumed where it was, read
 * from the producer's log. Each consumer has its own progress, in its own database, under a name that holds the
 * producer's: the position is the producer's, the transaction the consumer's.
 *
 * @throws {RangeError} for two consumers of one name, or one that no producer can serve
 */
export function localBus({ producers, listeners, log, time, onStopped, leaseTtlMillis, pollMillis }: LocalBusNeeds): LocalBus {
  const routes = listeners.flatMap((listener) => listener.consumers.flatMap((consumer) => routesOf(producers, listener, consumer)));
  const names = routes.map(({ name }) => name);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice) throw new RangeError(`${twice} is declared twice`);

  const subscriptions = routes.map(({ name, producer, listener, consumer }) => runSubscription({
    store: producer.store,
    checkpoints: listener.checkpoints,
    name,
    prefixes: [`${producer.service}.`],
    wanted: (stored) => eventFor(producer, consumer, stored) !== undefined,
    handle: (events, tx) => deliver(producer, listener, consumer, events, tx),
    onStopped: (reason) => onStopped?.(name, reason),
    log,
    ...(time ? { time } : {}),
    ...(leaseTtlMillis === undefined ? {} : { leaseTtlMillis }),
    ...(pollMillis === undefined ? {} : { pollMillis }),
  }));

  return {
    status: () => subscriptions.map((subscription) => ({ subscription: subscription.name, is: subscription.status().is })),
    stopped: () => subscriptions.filter((subscription) => subscription.status().is === 'stopped').map(({ name }) => name),
    async caughtUp(withinMillis) {
      const all = await Promise.all(subscriptions.map(async (subscription, n) => {
        const head = await routes[n]?.producer.store.head();
        return head === undefined || subscription.caughtUp(head, withinMillis);
      }));
      return all.every(Boolean);
    },
    async stop() {
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    },
  };
}

/** One consumer's way to one producer. */
interface Route {
  readonly name: string;
  readonly producer: Producer;
  readonly listener: Listener;
  readonly consumer: AnyConsumer;
}

function routesOf(producers: readonly Producer[], listener: Listener, consumer: AnyConsumer): readonly Route[] {
  const sources = new Set(Object.keys(consumer.on).map((type) => {
    const producer = producers.find(({ service }) => type.startsWith(`${service}.`));
    if (!producer) throw new RangeError(`nobody tells ${consumer.name} of ${type}`);
    return producer;
  }));
  return [...sources].map((producer) => ({ name: `bus.${producer.service}.${consumer.name}`, producer, listener, consumer }));
}

function eventFor(producer: Producer, consumer: AnyConsumer, stored: StoredEvent): IntegrationEvent | undefined {
  const event = producer.integration(stored);
  return event && consumer.on[event.type] ? event : undefined;
}

async function deliver(producer: Producer, { consumed }: Listener, consumer: AnyConsumer, events: readonly StoredEvent[], tx: Transaction): Promise<void> {
  for (const stored of events) {
    const event = eventFor(producer, consumer, stored);
    if (!event || !(await consumed.firstTime(tx, consumer.name, event.id))) continue;
    // What would not survive Kafka does not survive here either.
    await consumer.on[event.type]?.(JSON.parse(JSON.stringify(event)) as never, tx);
  }
}
