import { TokenService, type TokenPort, type wire } from '@rollcall/contracts';
import { systemTime, type Log, type RequestIds, type Time } from '@rollcall/eventing';
import { testIds } from '@rollcall/eventing/testing';
import { inlineCrypto, masterKeyProvider, uuidV4 } from '@rollcall/platform-crypto';
import type { Database } from '@rollcall/platform-postgres';
import { testDatabase } from '@rollcall/platform-postgres/testing';
import { loopbackPort } from '@rollcall/platform-rpc';
import { postgresServiceStore, prepareSchema } from '@rollcall/store-postgres';

import { tokenMigrations, tokenParts, tokenService } from '@rollcall/token';
import { callOf } from './call.js';
import { ada, appClient, credential, fakeDirectory, poolId } from './fake-directory.js';

export const issuer = (pool: string): string => `https://id.example.com/${pool}`;

/** Two processes never make the same id unless a request tells them to. */
const ids: RequestIds = { derive: (requestKey, purpose, n) => (requestKey === undefined ? uuidV4() : testIds().derive(requestKey, purpose, n)) };
const provider = masterKeyProvider(Buffer.alloc(32, 7));

/** What went wrong in the background, which a test must look at. */
function listeningLog(): Log & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return { warnings, error: (_facts, message) => { warnings.push(message); }, warn: (_facts, message) => { warnings.push(message); }, info: () => undefined };
}

/** The service on a database of its own, with a directory that a test changes by hand. */
export async function tokenWorld({ time = systemTime }: { readonly time?: Time } = {}) {
  const database = await testDatabase();
  await prepareSchema(database.db, 'token', tokenMigrations);
  const directory = fakeDirectory();

  /** One process of the service; several work on one database. */
  const start = (db: Database) => {
    const crypto = inlineCrypto();
    const store = postgresServiceStore({ db, service: 'token', provider, shared: false });
    const log = listeningLog();
    const parts = tokenParts({ db, store, ids, directory, crypto, issuer, accountId: '123456789012', time, log, reserveSize: 0 });
    const port: TokenPort = loopbackPort(TokenService, tokenService(parts.needs));
    return { ...parts, port, store, crypto, log };
  };
  const first = start(database.db);

  return {
    ...first,
    db: database.db,
    directory,
    anotherProcess: () => start(database.another()),
    signIn: (changes: Partial<wire.token.IssueRequest> = {}, call = callOf('RespondToAuthChallenge')) => first.port.issue({ ...proofOfAda, ...changes }, call),
    refresh: (refreshToken: string, changes: Partial<wire.token.RefreshRequest> = {}, call = callOf('GetTokensFromRefreshToken')) =>
      first.port.refresh({ poolId, clientId: appClient, refreshToken, mayRotate: true, ...changes }, call),
    async close() {
      await first.store.close();
      await database.close();
    },
  };
}

export type TokenWorld = Awaited<ReturnType<typeof tokenWorld>>;

export const proofOfAda: wire.token.IssueRequest = {
  poolId,
  clientId: appClient,
  sub: ada,
  credentialId: credential,
  sessionGeneration: 0,
  authTime: 1_700_000_500,
  amr: ['pwd'],
  scopes: ['aws.cognito.signin.user.admin'],
  deviceKey: undefined,
  parentSession: undefined,
};

/** Claims of a token, its signature not looked at. */
export const claimsOf = (token: string): Record<string, unknown> => partOf(token, 1);
export const headerOf = (token: string): Record<string, unknown> => partOf(token, 0);
const partOf = (token: string, n: number) => JSON.parse(Buffer.from(token.split('.')[n] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** What `check` is told of an access token that an edge has verified. */
export function presentedToCheck(accessToken: string): wire.token.CheckRequest {
  const { sub, client_id: clientId, iat, origin_jti: originJti, event_id: eventId } = claimsOf(accessToken) as Record<string, string>;
  return { poolId, kid: String(headerOf(accessToken)['kid']), sub: String(sub), clientId: String(clientId), issuedAt: Number(iat), originJti: originJti ?? eventId };
}

/** The refusal's code, or `ok`. */
export const outcomeOf = (done: Promise<unknown>): Promise<string> => done.then(() => 'ok', (error: { code?: string; message: string }) => error.code ?? error.message);
