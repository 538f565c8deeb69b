import { refusal, type CallContext, type wire } from '@rollcall/contracts';
import { epochSeconds, secondsOf } from '@rollcall/kernel';

import { methodsOf, type Proof } from '../domain/proof.js';
import { attributesOf } from './candidate.js';
import { newUseId, type Constant } from './carried.js';
import type { ClientContext } from './client-context.js';
import type { AuthenticationNeeds } from './needs.js';
import { triggerAt } from './triggers.js';

/** What a token of the JSON API may do: everything that its user may. */
const SCOPES = ['aws.cognito.signin.user.admin'];

/** The end of a sign-in whose factors are all proved: tokens, or a proof that somebody else redeems. */
export async function signInOutcome(
  needs: Pick<AuthenticationNeeds, 'risk' | 'token' | 'trigger' | 'sealedTexts' | 'clock'>,
  { poolId, clientId, credentialId, sessionGeneration, wantsProof, proofs }: Constant & { readonly proofs: readonly Proof[] },
  user: wire.directory.User,
  { client }: ClientContext,
  call: CallContext,
): Promise<wire.authentication.AuthStep> {
  const { sub } = user;
  const { action } = await needs.risk.assess({ poolId, clientId, sub, event: 'sign-in' }, call);
  if (action !== 'none') throw refusal('RiskBlocked'); // a further factor cannot be asked for yet
  const [authTime, amr] = [proofs[0]?.at ?? secondsOf(needs.clock.now()), methodsOf(proofs)];
  const about = { poolId, clientId, username: user.username };
  const authenticated = () => triggerAt(needs.trigger, 'PostAuthentication_Authentication', about, {
    userAttributes: Object.fromEntries(attributesOf(user)), newDeviceUsed: false, clientMetadata: call.clientMetadata,
  }, call);

  if (wantsProof) {
    await authenticated();
    const proof = await needs.sealedTexts.seal('proof', {
      id: newUseId(), poolId, clientId, sub, factors: proofs.map(({ factor }) => factor), amr, authTime,
      ...(credentialId === undefined ? {} : { credentialId }), sessionGeneration,
      expiresAt: epochSeconds(secondsOf(needs.clock.now()) + client.authSessionSeconds),
    });
    return { outcome: { $case: 'proof', value: proof } };
  }
  // What was proved is carried sealed: a password reset or sign-out since then makes this refuse.
  const tokens = await needs.token.issue({
    poolId, clientId, sub, credentialId, sessionGeneration, authTime, amr: [...amr], scopes: SCOPES, deviceKey: undefined, parentSession: undefined,
  }, call);
  await authenticated();
  return { outcome: { $case: 'tokens', value: tokens } };
}
