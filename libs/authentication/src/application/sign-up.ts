import { refusal, type AuthenticationPort, type CallContext, type wire } from '@rollcall/contracts';
import { epochMillis, nameForm } from '@rollcall/kernel';

import { SIGN_UP_CODE_SECONDS } from '../domain/code.js';
import { confirmationDelivery, masked, type Delivery } from '../domain/delivery.js';
import { attributesOf } from './candidate.js';
import { causeOf } from './cause.js';
import { checkWritable, clientContext, type ClientContext } from './client-context.js';
import { keepCredential, secretTransaction } from './credentials.js';
import { underFreshSub } from './fresh-sub.js';
import type { AuthenticationNeeds } from './needs.js';
import { checkPolicy, newCredential } from './new-credential.js';
import { checkSecretHash } from './secret-hash.js';
import { triggerAt } from './triggers.js';

type Attribute = wire.common.Attribute;

/**
 * Secrets first, the user last: password, code request and a held message are written together under a sub and a
 * credential id chosen here; the user's first event makes them valid, and lets the message go.
 */
export const signUp = (needs: AuthenticationNeeds): AuthenticationPort['signUp'] =>
  async (request, call) => {
    const context = await clientContext(needs.directory, request.clientId, call);
    const { pool } = context;
    checkSecretHash(context, request.secretHash, [request.username]);
    if (pool.AdminCreateUserConfig.AllowAdminCreateUserOnly) throw refusal('SignUpNotAllowed');
    const password = passwordOf(request);
    checkPolicy(password, pool);
    checkWritable(pool, context.client, request.attributes);
    const wanted = await askHook(needs, context, request, call);

    const { user, messageId } = await underFreshSub(call, (idsOf) => registered(needs, context, { ...request, ...wanted, password }, call, idsOf));
    call.effects.sub = user.sub;
    const delivery = wanted.confirmed ? undefined : confirmationDelivery(pool.AutoVerifiedAttributes, attributesOf(user));
    if (delivery) {
      await needs.sendings.release(messageId);
      needs.wakeSender();
    }
    if (wanted.confirmed) await confirmedHook(needs, context, user, call);
    return { sub: user.sub, confirmed: wanted.confirmed, delivery: delivery && deliveryAnswer(delivery), session: undefined };
  };

export const deliveryAnswer = (delivery: Delivery): wire.authentication.CodeDelivery =>
  ({ destination: masked(delivery), medium: delivery.medium, attribute: delivery.attribute });

export const confirmedHook = (
  { trigger }: Pick<AuthenticationNeeds, 'trigger'>,
  { poolId, clientId }: { readonly poolId: string; readonly clientId?: string | undefined },
  user: wire.directory.User,
  call: CallContext,
) => triggerAt(trigger, 'PostConfirmation_ConfirmSignUp', { poolId, clientId, username: user.username }, {
  userAttributes: Object.fromEntries(attributesOf(user)), clientMetadata: call.clientMetadata,
}, call);

/** Clients look for these very words. */
function passwordOf({ password }: wire.authentication.SignUpRequest): string {
  if (password !== undefined) return password;
  throw refusal('InvalidParameter', { reason: "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null" });
}

interface Wanted {
  readonly confirmed: boolean;
  readonly attributes: Attribute[];
}

/** A hook may confirm the user. */
async function askHook({ trigger }: AuthenticationNeeds, { poolId, clientId }: ClientContext, { username, attributes, validationData }: wire.authentication.SignUpRequest, call: CallContext): Promise<Wanted> {
  const answer = await triggerAt(trigger, 'PreSignUp_SignUp', { poolId, clientId, username }, {
    userAttributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])), validationData, clientMetadata: call.clientMetadata,
  }, call);
  return { confirmed: answer['autoConfirmUser'] === true, attributes };
}

interface Beginner extends Wanted {
  readonly username: string;
  readonly password: string;
}

async function registered(needs: AuthenticationNeeds, { poolId, pool, clientId }: ClientContext, beginner: Beginner, call: CallContext, idsOf: Pick<CallContext, 'requestKey'>) {
  const id = (purpose: string) => needs.ids.derive(idsOf.requestKey, purpose, 0);
  const [sub, requestId, messageId] = [id('sub'), id('code'), id('message')];
  const username = pool.UsernameAttributes.length > 0 ? sub : nameForm(beginner.username, pool.UsernameConfiguration.CaseSensitive);
  const { ref, stored } = await newCredential(needs, { poolId, sub, username }, beginner.password, { ...call, ...idsOf });
  await secretTransaction(needs, poolId, async (tx) => {
    await keepCredential(needs, ref, stored, tx);
    if (beginner.confirmed || pool.AutoVerifiedAttributes.length === 0) return;
    await needs.codeRequests.ask({ poolId, sub, purpose: 'sign-up' }, requestId, SIGN_UP_CODE_SECONDS, causeOf(call), tx);
    const expiresAt = epochMillis(needs.clock.now() + SIGN_UP_CODE_SECONDS * 1000);
    await needs.sendings.add({ messageId, poolId, sub, kind: 'sign-up', clientId, requestId, mediums: [], expiresAt }, 'held', causeOf(call), tx);
  });
  const user = await needs.directory.register({
    poolId, sub, username: beginner.username, attributes: beginner.attributes, credentialId: ref.credentialId, temporaryUntil: undefined,
    confirmed: beginner.confirmed, forceAliasCreation: false,
  }, call);
  if (user.username !== username) throw new TypeError('the verifier was made for another user name');
  return { user, messageId };
}
