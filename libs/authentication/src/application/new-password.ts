import { refusal, writableBy, type wire } from '@rollcall/contracts';
import { DomainError } from '@rollcall/kernel';

import { asParameter, attributesAnswered, missingRequired, newAttributes } from '../domain/new-password-attributes.js';
import { attributesOf, sameName, userBySub } from './candidate.js';
import type { Carried } from './carried.js';
import { keepCredential, secretTransaction } from './credentials.js';
import type { AuthenticationNeeds } from './needs.js';
import { checkPolicy, credentialIdOf, newCredential } from './new-credential.js';
import { refuseReusedPassword } from './password-history.js';
import { notMine, required, type Step, type Strategy } from './strategy.js';

type Needs = Pick<AuthenticationNeeds, 'directory' | 'ids' | 'vault' | 'passwords' | 'credentialReviews' | 'transactions' | 'keys'>;

/** NEW_PASSWORD_REQUIRED: the temporary password was proved, and is replaced by the user's own. */
export const newPassword = (needs: Needs): Strategy => ({
  pose(challenge, user, { pool }) {
    if (challenge !== 'NEW_PASSWORD_REQUIRED') return undefined;
    const attributes = attributesOf(user);
    return {
      USER_ID_FOR_SRP: user.username,
      userAttributes: JSON.stringify(Object.fromEntries(attributes)),
      requiredAttributes: JSON.stringify(missingRequired(pool.SchemaAttributes, attributes).map(asParameter)),
    };
  },

  async answer(step) {
    const { carried } = step;
    if (step.name !== 'NEW_PASSWORD_REQUIRED' || !carried || !('sub' in carried.whom)) return notMine;
    const user = await userBySub(needs, carried.poolId, carried.whom.sub, step.call);
    if (!user) throw refusal('SessionInvalid');
    step.call.effects.sub = user.sub;
    if (!sameName(step.context, required(step, 'USERNAME'), user.username)) throw refusal('SessionInvalid');

    const credentialId = credentialIdOf(needs.ids, step.call);
    // The answer to this very request may have been lost: then the new password stands already.
    const changed = user.credentialId === credentialId ? user : await replaced(needs, step, carried, user);
    return { is: 'done', factor: 'password', user: changed, carried: { ...carried, credentialId: changed.credentialId } };
  },
});

async function replaced(needs: Needs, step: Step, carried: Carried, user: wire.directory.User): Promise<wire.directory.User> {
  const { context: { pool, client }, call } = step;
  if (user.credentialId !== carried.credentialId || user.sessionGeneration !== carried.sessionGeneration) {
    throw refusal(user.status === 'FORCE_CHANGE_PASSWORD' ? 'SessionInvalid' : 'SessionUsed');
  }
  const password = required(step, 'NEW_PASSWORD');
  const attributes = newAttributes(attributesAnswered(Object.entries(step.parameters)), attributesOf(user), pool.SchemaAttributes, writableBy(client));
  if (attributes instanceof DomainError) throw attributes;
  checkPolicy(password, pool);
  const { ref, stored } = await newCredential(needs, user, password, call);
  await refuseReusedPassword(needs, user, password, { historySize: pool.Policies.PasswordPolicy.PasswordHistorySize, made: ref.credentialId }, call);
  await secretTransaction(needs, user.poolId, (tx) => keepCredential(needs, ref, stored, tx));
  try {
    return await needs.directory.choosePassword({
      ...ref, madeFor: carried.credentialId, temporaryUntil: undefined, origin: 'user', signOut: false, sparedFamily: undefined,
      attributes: [...attributes].map(([name, value]) => ({ name, value })),
    }, call);
  } catch (error) {
    // Of two answers to one Session the second finds the password changed.
    if (error instanceof DomainError && error.code === 'UserChangedMeanwhile') throw refusal('SessionUsed', {}, { cause: error });
    throw error;
  }
}
