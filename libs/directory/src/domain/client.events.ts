import { defineEvent, typeOf, type EpochSeconds, type EventOf } from '@rollcall/kernel';

/** `secretIds` name rows of the vault; the events hold nothing of the secrets themselves. */
export const clientCreated = defineEvent('directory.client.created', {
  data: typeOf<Readonly<{ settingsJson: string; secretIds: readonly string[]; at: EpochSeconds }>>(),
});
export const clientDeleted = defineEvent('directory.client.deleted', { data: typeOf<Readonly<{ at: EpochSeconds }>>() });

export const clientEvents = { clientCreated, clientDeleted };
export type ClientEvent = EventOf<typeof clientEvents>;
