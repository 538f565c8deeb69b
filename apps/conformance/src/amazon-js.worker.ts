/**
 * amazon-cognito-identity-js, unmodified, in a thread of plain Node: in Jest's sandbox, where every global is looked up
 * through an interceptor, its arithmetic takes fifty times as long. Node strips the types itself. One user a thread.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool, type CognitoUserSession } from 'amazon-cognito-identity-js';

const { endpoint, poolId, clientId, username } = workerData as { readonly endpoint: string; readonly poolId: string; readonly clientId: string; readonly username: string };

const pool = new CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint });
const user = new CognitoUser({ Username: username, Pool: pool });

type Callback = (error?: Error | null, value?: unknown) => void;
const promised = (work: (callback: Callback) => void): Promise<unknown> =>
  new Promise((resolve, reject) => work((error, value) => (error ? reject(error) : resolve(value))));

const tokensOf = (session: CognitoUserSession) =>
  ({ access: session.getAccessToken().getJwtToken(), id: session.getIdToken().getJwtToken(), refresh: session.getRefreshToken().getToken() });

/** How a step of a sign-in can end: `resolve` with what came, `reject`. */
const signInCallbacks = (resolve: (value: unknown) => void, reject: (error: Error) => void) => ({
  onSuccess: (session: CognitoUserSession) => resolve(tokensOf(session)),
  onFailure: reject,
  newPasswordRequired: (userAttributes: unknown, requiredAttributes: unknown) => resolve({ newPasswordRequired: { userAttributes, requiredAttributes } }),
});

const methods: Readonly<Record<string, (...args: never[]) => Promise<unknown>>> = {
  signUp: (password: string, given: Readonly<Record<string, string>>) => promised((callback) => {
    const list = Object.entries(given).map(([Name, Value]) => new CognitoUserAttribute({ Name, Value }));
    pool.signUp(username, password, list, [], (error, result) => callback(error, { sub: result?.userSub, confirmed: result?.userConfirmed }));
  }),
  confirmRegistration: (code: string) => promised((callback) => user.confirmRegistration(code, false, callback)),
  resendConfirmationCode: () => promised((callback) => user.resendConfirmationCode(callback)),
  signIn: (password: string, flow?: string) => new Promise((resolve, reject) => {
    if (flow !== undefined) user.setAuthenticationFlowType(flow);
    user.authenticateUser(new AuthenticationDetails({ Username: username, Password: password }), signInCallbacks(resolve, reject));
  }),
  completeNewPassword: (password: string, given: Readonly<Record<string, string>>) =>
    new Promise((resolve, reject) => user.completeNewPasswordChallenge(password, given, signInCallbacks(resolve, reject))),
  getUserData: () => promised((callback) => user.getUserData(callback, { bypassCache: true })),
  refreshSession: async () => {
    const token = user.getSignInUserSession()?.getRefreshToken();
    if (!token) throw new Error('nobody is signed in');
    return tokensOf(await promised((callback) => user.refreshSession(token, callback)) as CognitoUserSession);
  },
  globalSignOut: () => new Promise((resolve, reject) => user.globalSignOut({ onSuccess: resolve, onFailure: reject })),
  /** Revokes the refresh token and forgets the session. */
  signOut: () => promised((callback) => user.signOut(callback)),
};

parentPort?.on('message', ({ method, args }: { readonly method: string; readonly args: never[] }) => {
  const answer = (message: unknown) => parentPort?.postMessage(message);
  const call = methods[method];
  (call ? call(...args) : Promise.reject(new Error(`there is no ${method}`)))
    .then((value) => answer({ value }), (error: Error) => answer({ error: { name: error.name, message: error.message } }));
});
