import { accept, DomainError, refuse, unreachable, type Decider, type EpochSeconds } from '@rollcall/kernel';

import { poolCreated, poolDeleted, type PoolEvent } from './pool.events.js';

export type PoolCommand = Readonly<{ now: EpochSeconds } & (
  | { do: 'create'; settingsJson: string }
  | { do: 'delete'; poolId: string })>;

export type LivePool = Readonly<{ is: 'live'; settingsJson: string; createdAt: EpochSeconds; updatedAt: EpochSeconds }>;
/** A deleted pool keeps its settings, by which its users' names are found to be given back. */
export type Pool = Readonly<{ is: 'absent' } | LivePool | { is: 'deleted'; settingsJson: string }>;

export const pool: Decider<PoolCommand, Pool, PoolEvent> = {
  initial: { is: 'absent' },

  decide(command, state) {
    const { now } = command;
    switch (command.do) {
      case 'create':
        if (state.is !== 'absent') return refuse(new DomainError('IdTaken')); // never leaves the service: it takes another id
        return accept(poolCreated({ settingsJson: command.settingsJson, at: now }));
      case 'delete':
        if (state.is !== 'live') return refuse(new DomainError('PoolNotFound', { poolId: command.poolId }));
        if (isProtected(state)) return refuse(new DomainError('PoolDeletionProtected'));
        return accept(poolDeleted({ at: now }));
      default:
        return unreachable(command);
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'directory.pool.created':
        return { is: 'live', settingsJson: event.data.settingsJson, createdAt: event.data.at, updatedAt: event.data.at };
      case 'directory.pool.deleted':
        return { is: 'deleted', settingsJson: state.is === 'absent' ? '{}' : state.settingsJson };
      default:
        return unreachable(event);
    }
  },
};

const isProtected = ({ settingsJson }: LivePool): boolean =>
  (JSON.parse(settingsJson) as { DeletionProtection?: unknown }).DeletionProtection === 'ACTIVE';
