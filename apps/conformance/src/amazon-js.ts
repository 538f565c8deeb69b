import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { Tokens } from './sign-in.js';

export type StepOfSignIn = Tokens | { readonly newPasswordRequired: { readonly userAttributes: unknown; readonly requiredAttributes: unknown } };

/** One user of amazon-cognito-identity-js; methods as the library names them, as promises. */
export interface AmazonJsUser {
  signUp(password: string, attributes: Readonly<Record<string, string>>): Promise<{ readonly sub: string; readonly confirmed: boolean }>;
  confirmRegistration(code: string): Promise<unknown>;
  resendConfirmationCode(): Promise<unknown>;
  /** By SRP unless told. */
  signIn(password: string, flow?: 'USER_SRP_AUTH' | 'USER_PASSWORD_AUTH'): Promise<StepOfSignIn>;
  completeNewPassword(password: string, attributes: Readonly<Record<string, string>>): Promise<StepOfSignIn>;
  getUserData(): Promise<unknown>;
  refreshSession(): Promise<Tokens>;
  globalSignOut(): Promise<unknown>;
  signOut(): Promise<unknown>;
}

export interface AmazonJsPlace {
  readonly endpoint: string;
  readonly poolId: string;
  readonly clientId: string;
}

/** Starts the library for one user, in a thread of its own. */
export function amazonJsUser(place: AmazonJsPlace, username: string): AmazonJsUser & { close(): Promise<unknown> } {
  const worker = new Worker(new URL('./amazon-js.worker.ts', import.meta.url), { workerData: { ...place, username }, execArgv: [], env: {} });
  const call = (method: string) => async (...args: readonly unknown[]): Promise<never> => {
    worker.postMessage({ method, args });
    const [{ value, error }] = await once(worker, 'message') as [{ value?: unknown; error?: { name: string; message: string } }];
    if (error) throw Object.assign(new Error(error.message), { name: error.name });
    return value as never;
  };
  return {
    signUp: call('signUp'),
    confirmRegistration: call('confirmRegistration'),
    resendConfirmationCode: call('resendConfirmationCode'),
    signIn: call('signIn'),
    completeNewPassword: call('completeNewPassword'),
    getUserData: call('getUserData'),
    refreshSession: call('refreshSession'),
    globalSignOut: call('globalSignOut'),
    signOut: call('signOut'),
    close: () => worker.terminate(),
  };
}
