import type { CallContext, TriggerPort } from '@rollcall/contracts';

/** Where this service's flows call a pool's hooks. */
export type TriggerSource =
  | 'PreSignUp_SignUp' | 'PreSignUp_AdminCreateUser' | 'PostConfirmation_ConfirmSignUp'
  | 'PreAuthentication_Authentication' | 'PostAuthentication_Authentication'
  | 'CustomMessage_SignUp' | 'CustomMessage_ResendCode' | 'CustomMessage_AdminCreateUser';

/**
 * Runs a hook of the pool.
 * @returns the event's `response` member; empty where no hook is set
 * @throws {DomainError} `TriggerRefused`, `TriggerFailed`
 */
export async function triggerAt(
  trigger: TriggerPort,
  source: TriggerSource,
  about: { readonly poolId: string; readonly clientId?: string | undefined; readonly username: string },
  request: Readonly<Record<string, unknown>>,
  call: CallContext,
): Promise<Readonly<Record<string, unknown>>> {
  const { responseJson } = await trigger.run({ ...about, clientId: about.clientId, source, requestJson: JSON.stringify(request) }, call);
  return JSON.parse(responseJson) as Record<string, unknown>;
}
