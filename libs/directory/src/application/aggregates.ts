import { definitionsOf, type Aggregate } from '@rollcall/eventing';

import { clientEvents, type ClientEvent } from '../domain/client.events.js';
import { client, type Client, type ClientCommand } from '../domain/client.js';
import { poolEvents, type PoolEvent } from '../domain/pool.events.js';
import { pool, type Pool, type PoolCommand } from '../domain/pool.js';
import { userEvents, type UserEvent } from '../domain/user.events.js';
import { user, type User, type UserCommand } from '../domain/user.js';

export const pools: Aggregate<PoolCommand, Pool, PoolEvent> = { decider: pool, definitions: definitionsOf(poolEvents) };
export const clients: Aggregate<ClientCommand, Client, ClientEvent> = { decider: client, definitions: definitionsOf(clientEvents) };
export const users: Aggregate<UserCommand, User, UserEvent> = { decider: user, definitions: definitionsOf(userEvents) };
