import { refusal, type DirectoryPort, type wire } from '@rollcall/contracts';
import { load } from '@rollcall/eventing';
import { credentialId as asCredentialId, isUuid, secondsOf, sub as asSub, type CredentialId, type EpochSeconds, type FamilyId, type Sub } from '@rollcall/kernel';

import type { NameAttribute } from '../domain/pool-policy.js';
import { userStream } from '../domain/streams.js';
import type { AttributeList, PasswordOrigin } from '../domain/user.events.js';
import { users } from './aggregates.js';
import { changedUser, changeUser } from './change-user.js';
import { asPoolId, type Contexts } from './contexts.js';
import { existingUser, findUser } from './find-user.js';
import { userMessage } from './messages.js';
import type { Needs } from './needs.js';

const listOf = (attributes: readonly wire.common.Attribute[]): AttributeList => attributes.map(({ name, value }) => [name, value] as const);
const credentialOf = (id: string | undefined): CredentialId | undefined => (id === undefined ? undefined : asCredentialId(id));
const knownSub = (sub: string): Sub => {
  if (!isUuid(sub)) throw refusal('UserNotFound');
  return sub as Sub;
};

function beginning(needs: Needs, { sub, username, attributes, credentialId, confirmed }: wire.directory.NewUser) {
  return {
    sub: asSub(sub), typed: username, attributes: listOf(attributes), credentialId: credentialOf(credentialId), confirmed, now: secondsOf(needs.clock.now()),
  };
}

export const register = (needs: Needs, known: Contexts): DirectoryPort['register'] =>
  async (request, call) => {
    const context = await known.pool(request.poolId);
    const begin = beginning(needs, request);
    return changedUser(needs, context, begin.sub, { do: 'sign-up', ...begin, policy: context.settings }, call);
  };

export const createUser = (needs: Needs, known: Contexts): DirectoryPort['createUser'] =>
  async (request, call) => {
    const context = await known.pool(request.poolId);
    const begin = beginning(needs, request);
    const temporaryUntil = request.temporaryUntil as EpochSeconds | undefined;
    return changedUser(needs, context, begin.sub, { do: 'create', ...begin, temporaryUntil, policy: context.settings }, call);
  };

export const getUser = (needs: Needs, known: Contexts): DirectoryPort['getUser'] =>
  async ({ poolId, by }, call) => {
    const { sub, user, revision } = await existingUser(needs, await known.pool(poolId), by, call);
    return userMessage(poolId, sub, user, revision);
  };

export const findUserByName = (needs: Needs, known: Contexts): DirectoryPort['findUser'] =>
  async ({ poolId, by }, call) => {
    const found = await findUser(needs, await known.pool(poolId), by, call);
    return found ? { user: userMessage(poolId, found.sub, found.user, found.revision) } : {};
  };

export const confirmUser = (needs: Needs, known: Contexts): DirectoryPort['confirmUser'] =>
  async ({ poolId, sub, verifiedAttribute }, call) => {
    const context = await known.pool(poolId);
    const now = secondsOf(needs.clock.now());
    return changedUser(needs, context, knownSub(sub), { do: 'confirm', verified: verifiableOf(verifiedAttribute), now }, call);
  };

function verifiableOf(attribute: string | undefined): NameAttribute | undefined {
  if (attribute === undefined || attribute === 'email' || attribute === 'phone_number') return attribute;
  throw refusal('InvalidParameter', { reason: 'Only email and phone_number can be verified.' });
}

export const choosePassword = (needs: Needs, known: Contexts): DirectoryPort['choosePassword'] =>
  async (request, call) => {
    const context = await known.pool(request.poolId);
    return changedUser(needs, context, knownSub(request.sub), {
      do: 'choose-password',
      credentialId: asCredentialId(request.credentialId),
      madeFor: credentialOf(request.madeFor),
      madeUnder: request.madeUnder,
      temporaryUntil: request.temporaryUntil as EpochSeconds | undefined,
      origin: originOf(request.origin),
      attributes: listOf(request.attributes),
      signOut: request.signOut,
      sparedFamily: request.sparedFamily as FamilyId | undefined,
      policy: context.settings,
      now: secondsOf(needs.clock.now()),
    }, call);
  };

function originOf(origin: string): PasswordOrigin {
  if (origin === 'user' || origin === 'administrator') return origin;
  throw refusal('InvalidParameter', { reason: 'The origin of a password is user or administrator.' });
}

export const signOutEverywhere = (needs: Needs, known: Contexts): DirectoryPort['signOutEverywhere'] =>
  async ({ poolId, by }, call) => {
    const context = await known.pool(poolId);
    const { sub } = await existingUser(needs, context, by, call);
    return changedUser(needs, context, sub, { do: 'sign-out-everywhere', now: secondsOf(needs.clock.now()) }, call);
  };

/** Shut out when this answers, and its names are free; the row goes with its projection, the person's key after that. */
export const deleteUser = (needs: Needs, known: Contexts): DirectoryPort['deleteUser'] =>
  async ({ poolId, by }, call) => {
    const context = await known.pool(poolId);
    const sub = by?.$case === 'sub' ? knownSub(by.value) : (await existingUser(needs, context, by, call)).sub;
    call.effects.sub = sub;
    await changeUser(needs, context, sub, { do: 'delete', now: secondsOf(needs.clock.now()) }, call);
    return {};
  };

/** Asked by whoever sweeps the rows of passwords: of a user or a pool that is gone, nothing is named. */
export const namesCredential = (needs: Needs): DirectoryPort['namesCredential'] =>
  async ({ poolId, sub, credentialId }) => {
    if (!isUuid(sub)) return { named: 'never' };
    const { state } = await load(needs.store, users, userStream(asPoolId(poolId), sub as Sub));
    if (state.is !== 'live') return { named: 'never' };
    if (state.credentialId === credentialId) return { named: 'current' };
    return { named: state.earlierCredentials.some((id) => id === credentialId) ? 'earlier' : 'never' };
  };
