import { refusal, type AuthenticationPort, type CallContext, type PoolSettings, type wire } from '@rollcall/contracts';
import { millisOf, nameForm, type EpochSeconds } from '@rollcall/kernel';

import { invitationDeliveries } from '../domain/delivery.js';
import { causeOf } from './cause.js';
import { poolContext } from './client-context.js';
import { keepCredential, secretTransaction } from './credentials.js';
import { underFreshSub } from './fresh-sub.js';
import { keepInvitation } from './invitations.js';
import type { AuthenticationNeeds } from './needs.js';
import { newCredential, type NewCredential } from './new-credential.js';
import { temporaryPassword, temporaryUntil } from './temporary-password.js';
import { triggerAt } from './triggers.js';

type Request = wire.authentication.AdminCreateUserRequest;
type User = wire.directory.User;

/**
 * Makes a user with a temporary password, and invites it; or with RESEND invites one again. Where nothing is to be sent
 * and no password is given, there is none: nobody could know it.
 */
export const adminCreateUser = (needs: AuthenticationNeeds): AuthenticationPort['adminCreateUser'] =>
  async (request, call) => {
    const pool = await poolContext(needs.directory, request.poolId, call);
    const user = request.messageAction === 'RESEND' ? await invitedAgain(needs, pool, request, call) : await created(needs, pool, request, call);
    call.effects.sub = user.sub;
    return user;
  };

async function created(needs: AuthenticationNeeds, pool: PoolSettings, request: Request, call: CallContext): Promise<User> {
  const { poolId, username: typed, attributes } = request;
  const invites = request.messageAction !== 'SUPPRESS';
  if (invites) checkReachable(request, pool);
  const password = invites || request.temporaryPassword !== undefined ? temporaryPassword(request.temporaryPassword, pool) : undefined;
  await triggerAt(needs.trigger, 'PreSignUp_AdminCreateUser', { poolId, username: typed }, {
    userAttributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])), validationData: request.validationData, clientMetadata: call.clientMetadata,
  }, call);

  return underFreshSub(call, async (idsOf) => {
    const sub = needs.ids.derive(idsOf.requestKey, 'sub', 0);
    const username = pool.UsernameAttributes.length > 0 ? sub : nameForm(typed, pool.UsernameConfiguration.CaseSensitive);
    const made = password === undefined ? undefined : await newCredential(needs, { poolId, sub, username }, password, { ...call, ...idsOf });
    const until = made && temporaryUntil(pool, needs.clock);
    const messageId = made && until && await keepWithInvitation(needs, made, { password, invites, until, mediums: request.deliveryMediums }, call, idsOf);
    const user = await needs.directory.createUser({
      poolId, sub, username: typed, attributes, credentialId: made?.ref.credentialId, temporaryUntil: until, confirmed: false, forceAliasCreation: request.forceAliasCreation,
    }, call);
    if (user.username !== username) throw new TypeError('the verifier was made for another user name');
    await release(needs, messageId);
    return user;
  });
}

/** A new temporary password, valid for the whole time again, in place of the one before. */
async function invitedAgain(needs: AuthenticationNeeds, pool: PoolSettings, request: Request, call: CallContext): Promise<User> {
  const user = await needs.directory.getUser({ poolId: request.poolId, by: { $case: 'name', value: request.username } }, call);
  if (user.status !== 'FORCE_CHANGE_PASSWORD') throw refusal('UnsupportedUserState', { status: user.status });
  const password = temporaryPassword(request.temporaryPassword, pool);
  const made = await newCredential(needs, user, password, call);
  const until = temporaryUntil(pool, needs.clock);
  const messageId = await keepWithInvitation(needs, made, { password, invites: true, until, mediums: request.deliveryMediums }, call, call);
  const changed = await needs.directory.choosePassword({
    ...made.ref, madeFor: undefined, temporaryUntil: until, origin: 'administrator', attributes: [], signOut: true, sparedFamily: undefined,
  }, call);
  await release(needs, messageId);
  return changed;
}

/** Password, invitation and the held message that carries it, together. @returns the message's id, if one is to be sent */
async function keepWithInvitation(
  needs: AuthenticationNeeds,
  { ref, stored }: NewCredential,
  { password, invites, until, mediums }: { readonly password: string | undefined; readonly invites: boolean; readonly until: EpochSeconds; readonly mediums: readonly string[] },
  call: CallContext,
  idsOf: Pick<CallContext, 'requestKey'>,
): Promise<string | undefined> {
  const messageId = invites && password !== undefined ? needs.ids.derive(idsOf.requestKey, 'message', 0) : undefined;
  await secretTransaction(needs, ref.poolId, async (tx) => {
    await keepCredential(needs, ref, stored, tx);
    if (messageId === undefined || password === undefined) return;
    const { poolId, sub, credentialId } = ref;
    await keepInvitation(needs.vault, { poolId, sub, messageId }, password, tx);
    await needs.sendings.add({ messageId, poolId, sub, kind: 'invitation', credentialId, mediums, expiresAt: millisOf(until) }, 'held', causeOf(call), tx);
  });
  return messageId;
}

async function release({ sendings, wakeSender }: AuthenticationNeeds, messageId: string | undefined): Promise<void> {
  if (messageId === undefined) return;
  await sendings.release(messageId);
  wakeSender();
}

/** @throws {DomainError} `InvalidParameter` if a medium is asked for that the user has no address for */
function checkReachable({ username, attributes, deliveryMediums }: Request, { UsernameAttributes }: PoolSettings): void {
  const known = new Map(attributes.map(({ name, value }) => [name, value]));
  if (UsernameAttributes.length > 0) known.set(username.includes('@') ? 'email' : 'phone_number', username);
  const deliveries = invitationDeliveries(deliveryMediums, known);
  if ('missing' in deliveries) throw refusal('InvalidParameter', { reason: `The attribute ${deliveries.missing} is required for the desired delivery medium.` });
}
