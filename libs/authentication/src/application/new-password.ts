import { readableBy, refusal, type CallContext, type wire } from '@rollcall/contracts';
import { DomainError } from '@rollcall/kernel';

import { asParameter, attributesAnswered, missingRequired } from '../domain/new-password-attributes.js';
import { attributesOf, sameName, userBySub } from './candidate.js';
import { checkWritable } from './client-context.js';
import { keepCredential, secretTransaction } from './credentials.js';
import type { AuthenticationNeeds } from './needs.js';
import { checkPolicy, newCredential } from './new-credential.js';
import { refuseReusedPassword } from './password-history.js';
import { notMine, required, type Step, type Strategy } from './strategy.js';

type Needs = Pick<AuthenticationNeeds, 'directory' | 'ids' | 'vault' | 'passwords' | 'credentialReviews' | 'transactions' | 'keys'>;

/** NEW_PASSWORD_REQUIRED: the temporary password was proved, and is replaced by the user's own. */
export const newPassword = (needs: Needs): Strategy => ({
  pose(challenge, user, { pool, client }) {
    if (challenge !== 'NEW_PASSWORD_REQUIRED') return undefined;
    const attributes = attributesOf(user);
    const mayRead = readableBy(client);
    return {
      USER_ID_FOR_SRP: user.username,
      userAttributes: JSON.stringify(Object.fromEntries([...attributes].filter(([name]) => mayRead(name)))),
      requiredAttributes: JSON.stringify(missingRequired(pool.SchemaAttributes, attributes).map(asParameter)),
    };
  },

  async answer(step) {
    const { carried, context, call } = step;
    if (step.name !== 'NEW_PASSWORD_REQUIRED' || !carried || !('sub' in carried.whom)) return notMine;
    const { poolId, whom: { sub }, username = '' } = carried;
    call.effects.sub = sub;
    if (!sameName(context, required(step, 'USERNAME'), username)) throw refusal('SessionInvalid');
    const password = required(step, 'NEW_PASSWORD');
    const attributes = writableAttributes(step);
    checkPolicy(password, context.pool);
    const { ref, stored } = await newCredential(needs, { poolId, sub, username }, password, call);
    const { PasswordHistorySize: historySize } = context.pool.Policies.PasswordPolicy;
    await refuseReusedPassword(needs, { poolId, sub, username }, password, { historySize, made: ref.credentialId }, call);
    await secretTransaction(needs, poolId, (tx) => keepCredential(needs, ref, stored, tx));

    const user = await needs.directory.choosePassword({
      ...ref, madeFor: carried.credentialId, madeUnder: carried.sessionGeneration, temporaryUntil: undefined, origin: 'user', attributes,
      signOut: false, sparedFamily: undefined,
    }, call).catch((error: unknown) => refuseOvertaken(needs, { poolId, sub }, error, call));
    return { is: 'done', factor: 'password', user, carried: { ...carried, credentialId: user.credentialId } };
  },
});

/** Which of them may be changed here is the directory's rule: it has the user at hand. */
function writableAttributes({ parameters, context: { pool, client } }: Step): wire.common.Attribute[] {
  const attributes = [...attributesAnswered(Object.entries(parameters))].map(([name, value]) => ({ name, value }));
  checkWritable(pool, client, attributes);
  return attributes;
}

/** The user is no longer who the Session was made for: another answer to it was quicker, or an administrator was. */
async function refuseOvertaken(needs: Needs, { poolId, sub }: { readonly poolId: string; readonly sub: string }, error: unknown, call: CallContext): Promise<never> {
  if (!(error instanceof DomainError) || (error.code !== 'UserChangedMeanwhile' && error.code !== 'UserNotFound')) throw error;
  const user = await userBySub(needs, poolId, sub, call);
  throw refusal(user && user.status !== 'FORCE_CHANGE_PASSWORD' ? 'SessionUsed' : 'SessionInvalid', {}, { cause: error });
}
