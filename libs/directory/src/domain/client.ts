import { accept, DomainError, refuse, unreachable, type Decider, type EpochSeconds } from '@rollcall/kernel';

import { clientCreated, clientDeleted, type ClientEvent } from './client.events.js';

export type ClientCommand = Readonly<{ now: EpochSeconds } & (
  | { do: 'create'; settingsJson: string; secretIds: readonly string[] }
  | { do: 'delete'; clientId: string })>;

export type LiveClient = Readonly<{
  is: 'live';
  settingsJson: string;
  secretIds: readonly string[];
  createdAt: EpochSeconds;
  updatedAt: EpochSeconds;
}>;
export type Client = Readonly<{ is: 'absent' } | LiveClient | { is: 'deleted' }>;

/** An app client of one pool. Its id is claimed with its first event and released with its last. */
export const client: Decider<ClientCommand, Client, ClientEvent> = {
  initial: { is: 'absent' },

  decide(command, state) {
    const { now } = command;
    switch (command.do) {
      case 'create':
        if (state.is !== 'absent') return refuse(new DomainError('IdTaken')); // never leaves the service: it takes another id
        return accept(clientCreated({ settingsJson: command.settingsJson, secretIds: command.secretIds, at: now }));
      case 'delete':
        if (state.is !== 'live') return refuse(new DomainError('ClientNotFound', { clientId: command.clientId }));
        return accept(clientDeleted({ at: now }));
      default:
        return unreachable(command);
    }
  },

  evolve(_state, event) {
    switch (event.type) {
      case 'directory.client.created': {
        const { settingsJson, secretIds, at } = event.data;
        return { is: 'live', settingsJson, secretIds, createdAt: at, updatedAt: at };
      }
      case 'directory.client.deleted':
        return { is: 'deleted' };
      default:
        return unreachable(event);
    }
  },
};
