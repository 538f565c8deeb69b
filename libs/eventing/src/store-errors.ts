import type { Revision } from './event-store.js';

/** The stream is not where the decision assumed: read again and decide again. */
export class WrongRevision extends Error {
  override readonly name = 'WrongRevision';
  constructor(readonly stream: string, readonly actual: Revision) {
    super(`${stream} is at revision ${actual}`);
  }
}

/** Another owner holds a value that this append would take. */
export class ClaimTaken extends Error {
  override readonly name = 'ClaimTaken';
  /** @param kind kind of the claim that was refused, of the caller's list */
  constructor(readonly kind: string) {
    super(`claim of kind ${kind} is taken`);
  }
}

/** The store cannot be reached. `outcome` tells whether the append surely did not happen. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  constructor(readonly outcome: 'nothing-happened' | 'unknown', options?: ErrorOptions) {
    super(`store unavailable, outcome ${outcome}`, options);
  }
}

/** The events of one append exceed 1 MiB. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
  constructor(readonly bytes: number) {
    super(`${bytes} bytes of events`);
  }
}

/** A stored event's mac or link does not fit: its bytes were changed outside Rollcall. */
export class TamperedEvent extends Error {
  override readonly name = 'TamperedEvent';
  constructor(readonly stream: string, readonly revision: Revision) {
    super(`${stream}@${revision} was changed outside Rollcall`);
  }
}

/** A stored type, or a version of it, that this release does not know: the reader stops rather than skip it. */
export class UnknownStoredEvent extends Error {
  override readonly name = 'UnknownStoredEvent';
  constructor(readonly type: string, readonly version: number, options?: ErrorOptions) {
    super(`unknown stored event ${type} v${version}`, options);
  }
}

/** The lease of a subscription went to somebody else; what was being done is rolled back. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor(readonly subscription: string) {
    super(`lease of ${subscription} is lost`);
  }
}
