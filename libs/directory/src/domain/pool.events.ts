import { defineEvent, typeOf, type EpochSeconds, type EventOf } from '@rollcall/kernel';

/** `settingsJson`: the members of the input as canonical JSON, echoed as they are; their meaning is read from them. */
export const poolCreated = defineEvent('directory.pool.created', {
  data: typeOf<Readonly<{ settingsJson: string; at: EpochSeconds }>>(),
});

/** The pool, its clients and its users are gone for everybody; what they left is destroyed in the background. */
export const poolDeleted = defineEvent('directory.pool.deleted', { data: typeOf<Readonly<{ at: EpochSeconds }>>() });

export const poolEvents = { poolCreated, poolDeleted };
export type PoolEvent = EventOf<typeof poolEvents>;
