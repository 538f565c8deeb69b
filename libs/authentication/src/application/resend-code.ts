import { refusal, type AuthenticationPort, type PoolSettings } from '@rollcall/contracts';
import { epochMillis } from '@rollcall/kernel';

import { SIGN_UP_CODE_SECONDS } from '../domain/code.js';
import { confirmationDelivery, type Delivery } from '../domain/delivery.js';
import { looksLikeAddress } from '../domain/names.js';
import { hourlyBudgets } from './budgets.js';
import { attributesOf } from './candidate.js';
import { causeOf } from './cause.js';
import { clientContext } from './client-context.js';
import { codeOwner } from './code-owner.js';
import { requestMark } from './keyed-hash.js';
import type { AuthenticationNeeds } from './needs.js';
import { checkSecretHash } from './secret-hash.js';
import { deliveryAnswer } from './sign-up.js';
import type { SimulatedUser } from './simulated-user.js';

/**
 * Sends a new confirmation code in place of the one before. Where unknown users are hidden, one who does not exist, is
 * confirmed already or cannot be reached gets the same answer and does the same work, on rows that send nothing.
 */
export const resendConfirmationCode = (needs: AuthenticationNeeds): AuthenticationPort['resendConfirmationCode'] =>
  async (request, call) => {
    const context = await clientContext(needs.directory, request.clientId, call);
    const { poolId, clientId, pool, client: { hidesUnknownUsers } } = context;
    checkSecretHash(context, request.secretHash, [request.username]);
    if (pool.AutoVerifiedAttributes.length === 0) throw refusal('NoDeliveryChannel');
    const { user, simulated, person } = await codeOwner(needs, context, request.username, call);
    const unconfirmed = user?.status === 'UNCONFIRMED' ? user : undefined;
    if (user && !unconfirmed && !hidesUnknownUsers) throw refusal('AlreadyConfirmed', { status: user.status });
    const delivery = unconfirmed && confirmationDelivery(pool.AutoVerifiedAttributes, attributesOf(unconfirmed));
    if (unconfirmed && !delivery && !hidesUnknownUsers) throw refusal('NoDeliveryChannel');
    if (!await needs.budgets.spend(person, 'resend-code', hourlyBudgets['resend-code'], await requestMark(needs.keys, call))) {
      throw refusal('AttemptLimitExceeded');
    }

    const sub = unconfirmed?.sub ?? simulated.sub;
    const id = (purpose: string) => needs.ids.derive(call.requestKey, purpose, 0);
    const [requestId, messageId] = [id('code'), id('message')];
    await needs.transactions.transaction(async (tx) => {
      await needs.codeRequests.ask({ poolId, sub, purpose: 'sign-up' }, requestId, SIGN_UP_CODE_SECONDS, causeOf(call), tx);
      const expiresAt = epochMillis(needs.clock.now() + SIGN_UP_CODE_SECONDS * 1000);
      await needs.sendings.add({ messageId, poolId, sub, kind: 'resend-code', clientId, requestId, mediums: [], expiresAt }, 'ready', causeOf(call), tx);
    });
    needs.wakeSender();
    return deliveryAnswer(delivery ?? simulatedDelivery(pool, request.username, simulated));
  };

/** An address for somebody who has none, the same each time: the typed one where it is one. */
function simulatedDelivery({ AutoVerifiedAttributes }: PoolSettings, typed: string, { stored: { salt } }: SimulatedUser): Delivery {
  const byMail = AutoVerifiedAttributes.includes('email') && (typed.includes('@') || !AutoVerifiedAttributes.includes('phone_number'));
  const isTyped = looksLikeAddress(typed) && typed.includes('@') === byMail;
  const [first = 0, second = 0] = salt;
  const letter = (byte: number) => String.fromCharCode(97 + (byte % 26));
  if (byMail) return { attribute: 'email', medium: 'EMAIL', destination: isTyped ? typed : `${letter(first)}@${letter(second)}` };
  return { attribute: 'phone_number', medium: 'SMS', destination: isTyped ? typed : `+1555555${String(first * 256 + second).slice(-4).padStart(4, '0')}` };
}
