import type { DirectoryPort } from '@rollcall/contracts';

import { clientContext, createClient, deleteClient, describeClient } from './clients.js';
import { contexts } from './contexts.js';
import { listClients, listPools, listUsers, type ListNeeds } from './lists.js';
import type { Needs } from './needs.js';
import { createPool, deletePool, describePool } from './pools.js';
import {
  choosePassword, confirmUser, createUser, deleteUser, findUserByName, getUser, namesCredential, register, signOutEverywhere,
} from './users.js';

export type DirectoryNeeds = Needs & ListNeeds;

/** Pools, app clients and users behind their port. */
export function directoryService(needs: DirectoryNeeds): DirectoryPort {
  const known = contexts(needs);
  return {
    createPool: createPool(needs),
    describePool: describePool(needs, needs.lists),
    deletePool: deletePool(needs, known),
    listPools: listPools(needs),
    createClient: createClient(needs, known),
    describeClient: describeClient(needs, known),
    deleteClient: deleteClient(needs, known),
    listClients: listClients(needs, known),
    clientContext: clientContext(known),
    poolContext: async ({ poolId }) => (await known.pool(poolId)).pool,
    register: register(needs, known),
    createUser: createUser(needs, known),
    getUser: getUser(needs, known),
    findUser: findUserByName(needs, known),
    confirmUser: confirmUser(needs, known),
    choosePassword: choosePassword(needs, known),
    signOutEverywhere: signOutEverywhere(needs, known),
    deleteUser: deleteUser(needs, known),
    listUsers: listUsers(needs, known),
    namesCredential: namesCredential(needs),
  };
}
