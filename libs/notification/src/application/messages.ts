import type { wire } from '@rollcall/contracts';
import type { Transaction } from '@rollcall/eventing';
import type { EpochMillis } from '@rollcall/kernel';

export type Message = wire.notification.Message;

/** A message that a worker has taken to deliver. */
export interface TakenMessage {
  readonly message: Message;
  /** Deliveries tried, this one included. */
  readonly attempts: number;
}

/** A message that a worker has taken and cannot read, e.g. as its seal is broken. */
export interface UnreadableMessage {
  readonly messageId: string;
  readonly attempts: number;
  readonly fault: unknown;
}

/** The messages accepted and not yet delivered: sealed rows, dropped once their code has expired. */
export interface Messages {
  /** Keeps a message; the same id again changes nothing. `delivers` is false where it only waits in the outbox. */
  accept(message: Message, delivers: boolean): Promise<void>;
  /** Up to `limit` due messages, each taken for `holdMillis`: nobody else gets them meanwhile. One that cannot be read hides no other. */
  takeDue(limit: number, holdMillis: number): Promise<readonly (TakenMessage | UnreadableMessage)[]>;
  /** Delivered: the id is remembered, the content is not. */
  delivered(messageId: string): Promise<void>;
  /** Given up for good, e.g. refused by the receiving server. */
  failed(messageId: string): Promise<void>;
  retryAt(messageId: string, at: EpochMillis): Promise<void>;
  /** Messages of the development outbox that have not expired, the newest first. */
  outbox(limit: number, to: string | undefined): Promise<readonly { readonly message: Message; readonly acceptedAt: EpochMillis }[]>;
  /** Drops content that has expired and ids remembered for a day; at most `limit` rows. Answers how many. */
  sweep(limit: number): Promise<number>;
  purgePerson(poolId: string, sub: string, tx: Transaction): Promise<void>;
  purgePool(poolId: string, tx: Transaction): Promise<void>;
}

/** What became of one delivery. */
export type Delivery = 'delivered' | 'refused' | 'try-again';

/** Hands messages of one channel to the outside. Must settle within its own deadline, below the worker's hold. */
export interface Transport {
  deliver(message: Message): Promise<Delivery>;
}

/** Where a channel's messages go: to a transport, or (absent) into the development outbox. */
export type Transports = Readonly<Partial<Record<'email' | 'sms', Transport>>>;
