import { refusal, type AuthenticationPort, type wire } from '@rollcall/contracts';
import { DomainError } from '@rollcall/kernel';

import { CODE_TRIES } from '../domain/code.js';
import { confirmationDelivery, type Delivery } from '../domain/delivery.js';
import { attributesOf } from './candidate.js';
import { hourlyBudgets } from './budgets.js';
import { clientContext } from './client-context.js';
import { codeOwner } from './code-owner.js';
import type { CodeKey } from './code-requests.js';
import { codeFor, isCode } from './confirmation-code.js';
import { requestMark, useMark } from './keyed-hash.js';
import type { AuthenticationNeeds } from './needs.js';
import { checkSecretHash } from './secret-hash.js';
import { confirmedHook } from './sign-up.js';

/** Stands for the destination of a code that nobody is sent. */
const nowhere: Delivery = { attribute: 'email', medium: 'EMAIL', destination: '' };

/**
 * Confirms a user by the code that was sent. A try is taken before the code is looked at, and the code is used up before
 * the user changes; a name that means nobody does the same, on rows of its own.
 */
export const confirmSignUp = (needs: AuthenticationNeeds): AuthenticationPort['confirmSignUp'] =>
  async (request, call) => {
    const context = await clientContext(needs.directory, request.clientId, call);
    const { poolId, pool, client } = context;
    checkSecretHash(context, request.secretHash, [request.username]);
    const { user: found, simulated, person } = await codeOwner(needs, context, request.username, call);
    // Where SignUp, too, tells nobody whose name is taken, one who has nothing to confirm is treated as nobody (K1).
    const namesNobody = client.hidesUnknownUsers && pool.AdminCreateUserConfig.AllowAdminCreateUserOnly;
    const user = namesNobody && found?.status !== 'UNCONFIRMED' ? undefined : found;
    if (!await needs.budgets.spend(person, 'confirm-sign-up', hourlyBudgets['confirm-sign-up'], await requestMark(needs.keys, call))) {
      throw refusal('AttemptLimitExceeded');
    }
    // The first answer to this very request may have been lost: so a confirmed user is refused only without the code.
    const confirmedBefore = user && user.status !== 'UNCONFIRMED' ? refusal('AlreadyConfirmed', { status: user.status }) : undefined;
    const key: CodeKey = { poolId, sub: user?.sub ?? simulated.sub, purpose: 'sign-up' };
    const mark = await useMark(needs.keys, call);
    const requestId = await needs.codeRequests.takeTry(key, CODE_TRIES, mark);
    if (requestId === undefined) throw confirmedBefore ?? refusal('CodeExpired');
    const delivery = user && confirmationDelivery(pool.AutoVerifiedAttributes, attributesOf(user));
    const right = isCode(request.code, await codeFor(needs.keys, key, requestId, delivery ?? nowhere));
    if (!right || !user || !delivery) throw confirmedBefore ?? refusal('CodeMismatch');
    if (!await needs.codeRequests.use(key, requestId, mark)) throw confirmedBefore ?? refusal('CodeExpired');

    const confirmed = await confirmedBy(needs, user, delivery, request.forceAliasCreation, call).catch(async (error: unknown) => {
      // Nothing has happened: with the same code the caller may insist on the alias.
      if (error instanceof DomainError && error.code === 'AliasTaken') await needs.codeRequests.reopen(key, requestId, mark);
      throw error;
    });
    await confirmedHook(needs, context, confirmed, call);
    return { session: undefined };
  };

const confirmedBy = (
  { directory }: AuthenticationNeeds,
  { poolId, sub }: wire.directory.User,
  { attribute }: Delivery,
  forceAliasCreation: boolean,
  call: Parameters<AuthenticationPort['confirmSignUp']>[1],
) => directory.confirmUser({ poolId, sub, verifiedAttribute: attribute, forceAliasCreation }, call);
