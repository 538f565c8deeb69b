import { noEffects, noRisk, type AuthenticationPort, type CallContext, type TriggerPort, type wire } from '@rollcall/contracts';
import { testIds } from '@rollcall/eventing/testing';
import { epochMillis, type EpochMillis } from '@rollcall/kernel';

import { serviceSealedTexts } from '../../src/adapters/service-sealed-texts.js';
import { authenticationService } from '../../src/application/authentication-service.js';
import { encodedCredential, passwordEntry } from '../../src/application/credentials.js';
import type { AuthenticationNeeds } from '../../src/application/needs.js';
import { fakeDirectory, clientId, poolId } from './fake-directory.js';
import { fakePasswords } from './fake-passwords.js';
import { fakeToken } from './fake-token.js';
import { memoryKeys, memoryTransactions, memoryVault } from './memory-secrets.js';
import { memoryLockouts, memorySingleUse, type Statements } from './memory-tables.js';

export const ada = { sub: '0000ada0-0000-4000-8000-000000000001', username: 'ada', password: 'Engine-1842', email: 'ada@example.com' } as const;

let calls = 0;
export const callOf = (changes: Partial<CallContext> = {}): CallContext => {
  calls += 1;
  return {
    correlationId: `00000000-0000-4000-8000-${String(calls).padStart(12, '0')}`, operation: 'InitiateAuth', deadline: epochMillis(Number.MAX_SAFE_INTEGER),
    caller: { kind: 'anonymous', id: '' }, source: '192.0.2.7', clientMetadata: {}, effects: noEffects(), ...changes,
  };
};

/** The service with everything round it in memory, and a clock that stands still. */
export function world(changes: Partial<AuthenticationNeeds> = {}) {
  let now = Date.UTC(2026, 10, 24, 12);
  const clock = { now: (): EpochMillis => epochMillis(now) };
  const statements: Statements = { count: 0 };
  const directory = fakeDirectory();
  const token = fakeToken(directory);
  const { vault, rows } = memoryVault(clock, statements);
  const { passwords, jobs } = fakePasswords();
  const keys = memoryKeys();
  const singleUse = memorySingleUse(clock, statements);
  const triggers: wire.trigger.TriggerEvent[] = [];
  const trigger: TriggerPort = {
    async run(event) {
      triggers.push(event);
      return { responseJson: '{}' };
    },
  };
  const needs = {
    directory: directory.port, token: token.port, trigger, risk: noRisk, vault, keys, ids: testIds(), transactions: memoryTransactions, clock, passwords,
    sealedTexts: serviceSealedTexts({ keys }), lockouts: memoryLockouts(clock, statements), singleUse,
    credentialReviews: { add: async () => undefined, due: async () => [], done: async () => undefined, again: async () => undefined },
    ...changes,
  } as unknown as AuthenticationNeeds;
  const service = authenticationService(needs) as AuthenticationPort;
  directory.client();

  return {
    service, directory, token, triggers, jobs, statements, singleUse, needs, clock, vaultRows: rows,
    pass(millis: number) {
      now += millis;
    },
    /** A user with a password, as the directory and the vault know it. */
    async user(changed: Partial<wire.directory.User> & { readonly password?: string } = {}): Promise<wire.directory.User> {
      const { password = ada.password, ...rest } = changed;
      const user: wire.directory.User = {
        poolId, sub: ada.sub, username: ada.username, attributes: [{ name: 'email', value: ada.email }], status: 'CONFIRMED', enabled: true, createdAt: 0,
        updatedAt: 0, credentialId: `00000000-0000-4000-8000-0000000000c1`, temporaryUntil: undefined, sessionGeneration: 0, sparedFamily: undefined,
        revision: 0, groups: [], ...rest,
      };
      directory.put(user);
      if (user.credentialId !== undefined) {
        const stored = await needs.passwords.make({ poolId, username: user.username, password }, 'test');
        await needs.vault.put(passwordEntry({ poolId, sub: user.sub, credentialId: user.credentialId }), encodedCredential(stored));
      }
      return user;
    },
    signIn: (password: string, { username = 'ada', call = callOf(), ...request }: { username?: string; call?: CallContext } & Partial<wire.authentication.InitiateAuthRequest> = {}) =>
      service.initiateAuth({
        clientId, adminPoolId: undefined, flow: 'USER_PASSWORD_AUTH', session: undefined, wantsProof: false, ...request,
        parameters: { USERNAME: username, PASSWORD: password, ...request.parameters },
      }, call),
    /** An answer to a challenge. */
    respond: (challenge: string, responses: Readonly<Record<string, string>>, { call = callOf({ operation: 'RespondToAuthChallenge' }), ...request }: { call?: CallContext } & Partial<wire.authentication.RespondRequest> = {}) =>
      service.respondToChallenge({ clientId, adminPoolId: undefined, challenge, session: undefined, responses: { ...responses }, ...request }, call),
  };
}

export type World = ReturnType<typeof world>;

/** The code of a refusal; the value itself where nothing was refused. */
export const codeOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(
  (value) => value,
  (error: { readonly code?: unknown }) => error.code ?? error,
);

export const challengeIn = (step: unknown): wire.authentication.Challenge => {
  const { outcome } = step as wire.authentication.AuthStep;
  if (outcome?.$case !== 'challenge') throw new Error(`no challenge but ${outcome?.$case ?? JSON.stringify(step)}`);
  return outcome.value;
};

export const tokensIn = (step: unknown): wire.token.Tokens => {
  const { outcome } = step as wire.authentication.AuthStep;
  if (outcome?.$case !== 'tokens') throw new Error(`no tokens but ${outcome?.$case ?? JSON.stringify(step)}`);
  return outcome.value;
};

export { clientId, poolId };
