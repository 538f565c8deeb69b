import type { Transaction } from '@rollcall/eventing';
import type { EpochMillis } from '@rollcall/kernel';

import type { Cause } from './cause.js';

/** A message to be sent. It holds neither code nor address nor name: those are found when it is rendered. */
export interface Sending {
  /** Id of the message; for several media its first. */
  readonly messageId: string;
  readonly poolId: string;
  readonly sub: string;
  readonly kind: 'sign-up' | 'resend-code' | 'invitation';
  /** The app client that the message is sent for, if any. */
  readonly clientId?: string | undefined;
  /** Of the code that it carries. */
  readonly requestId?: string | undefined;
  /** Of the password that it carries: it goes out only if that is the user's. */
  readonly credentialId?: string | undefined;
  /** Media asked for, by an administrator. */
  readonly mediums: readonly string[];
  readonly expiresAt: EpochMillis;
}

export interface DueSending extends Sending {
  /** Times it was taken, this one included. */
  readonly attempts: number;
  readonly correlationId: string;
}

/** Messages to be sent: rows written together with what they tell of, drained by a worker. */
export interface Sendings {
  /**
   * `held`: due in 30 s, unless it is released before, for what it tells of has yet to happen. If it has not by then, the
   * directory knows no such user, or not with that password. The same message id again changes nothing.
   */
  add(sending: Sending, state: 'held' | 'ready', cause: Cause, tx: Transaction): Promise<void>;
  /** What a held message tells of has happened. */
  release(messageId: string): Promise<void>;
  /** Up to `limit` due ones, each taken for `holdMillis`: nobody else gets them meanwhile. */
  takeDue(limit: number, holdMillis: number): Promise<readonly DueSending[]>;
  retryIn(messageId: string, millis: number): Promise<void>;
  /** Sent, or not to be sent. */
  remove(messageId: string, tx?: Transaction): Promise<void>;
}
