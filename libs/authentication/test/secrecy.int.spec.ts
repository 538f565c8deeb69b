import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthenticationService, noEffects, noRisk, noTriggers, type AuthenticationPort, type CallContext, type NotificationPort, type wire } from '@rollcall/contracts';
import { systemTime } from '@rollcall/eventing';
import { inlineCrypto, requestIds } from '@rollcall/platform-crypto';
import { createLogger } from '@rollcall/platform-log';
import { loopbackPort } from '@rollcall/platform-rpc';

import { authenticationParts, authenticationService } from '../src/index.js';
import { sendDue } from '../src/application/message-sender.js';
import { authenticationDatabase, type AuthenticationDatabase } from './support/database-world.js';
import { fakeDirectory } from './support/fake-directory.js';
import { fakeToken } from './support/fake-token.js';
import { srpClient } from './support/srp-client.js';
import { callOf, challengeIn, clientId, codeOf, poolId, tokensIn } from './support/world.js';

let database: AuthenticationDatabase;
beforeAll(async () => { database = await authenticationDatabase(); });
const crypto = inlineCrypto();
afterAll(async () => {
  await crypto.close();
  await database.store.close();
  await database.close();
});

const canary = {
  username: 'canaryname', email: 'canary.mail@example.com', password: 'CanaryPass-1', wrong: 'CanaryWrong-2', temporary: 'CanaryTemp-3', chosen: 'CanaryChosen-4',
  source: '203.0.113.77', userAgent: 'canary-agent/1', encodedData: 'canary-device', metadata: 'canary-metadata', requestKey: 'ca9a'.repeat(16),
} as const;

/** The whole service as it is composed, behind its codec, on a real database with real cryptography. */
function composed(refuses = 0) {
  const directory = fakeDirectory();
  directory.client();
  const token = fakeToken(directory);
  const sent: wire.notification.Message[] = [];
  const lines: string[] = [];
  const log = createLogger({ level: 'trace', write: (line) => { lines.push(line); } });
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => { arrived = resolve; });
  let left = refuses;
  const notification: NotificationPort = {
    async send(message) {
      if (left-- > 0) throw new Error(`no relay for ${message.to}: ${message.body}`);
      sent.push(message);
      arrived();
      return {};
    },
    outbox: async () => ({ messages: [] }),
  };
  const parts = authenticationParts({
    db: database.db, store: database.store, ids: requestIds(Buffer.alloc(32, 9)), crypto, time: systemTime, log, directory: directory.port, token: token.port, notification,
    trigger: noTriggers, risk: noRisk,
  });
  const port = loopbackPort(AuthenticationService, authenticationService(parts.needs)) as AuthenticationPort;
  const call = (operation: string): CallContext => callOf({
    operation, source: canary.source, userAgent: canary.userAgent, encodedData: canary.encodedData, clientMetadata: { from: canary.metadata }, effects: noEffects(),
  });
  return { port, parts, directory, token, sent, lines, log, call, delivered: () => arrival };
}

/** Everything that happens in a life of two users; returns what was refused, and what was sent out sealed. */
async function live({ port, parts, sent, log, call }: ReturnType<typeof composed>) {
  const refusals: unknown[] = [];
  const refused = async (promise: Promise<unknown>) => refusals.push(await promise.catch((error: unknown) => error));
  const deliver = async () => {
    await database.db.queryOnce('update authentication.sending set due_at = 0');
    while (await sendDue({ ...parts.needs, time: systemTime, log }) > 0);
    return /\d{6}/.exec(sent.at(-1)?.body ?? '')?.[0] ?? '';
  };
  const attributes = [{ name: 'email', value: canary.email }];
  const signUp = { clientId, secretHash: undefined, username: canary.username, password: canary.password, attributes, validationData: {} };
  const password = (value: string, username: string = canary.username) => port.initiateAuth({
    clientId, adminPoolId: undefined, flow: 'USER_PASSWORD_AUTH', parameters: { USERNAME: username, PASSWORD: value }, session: undefined, wantsProof: false,
  }, call('InitiateAuth'));

  await port.signUp(signUp, call('SignUp'));
  await refused(port.signUp(signUp, call('SignUp')));
  await deliver(); // the relay refuses, and its error tells all
  const code = await deliver();
  const confirm = (given: string) => port.confirmSignUp({ clientId, secretHash: undefined, username: canary.username, code: given, forceAliasCreation: false, session: undefined }, call('ConfirmSignUp'));
  await refused(confirm('000000'));
  await confirm(code);
  await refused(password(canary.wrong));
  tokensIn(await password(canary.password));

  const client = srpClient();
  const first = challengeIn(await port.initiateAuth({
    clientId, adminPoolId: undefined, flow: 'USER_SRP_AUTH', parameters: { USERNAME: canary.username, SRP_A: client.A }, session: undefined, wantsProof: false,
  }, call('InitiateAuth')));
  tokensIn(await port.respondToChallenge({
    clientId, adminPoolId: undefined, challenge: 'PASSWORD_VERIFIER', session: undefined, responses: client.answer(first.parameters, canary.password),
  }, call('RespondToAuthChallenge')));

  await port.adminSetUserPassword({ poolId, username: canary.username, password: canary.temporary, permanent: false }, call('AdminSetUserPassword'));
  const { session = '' } = challengeIn(await password(canary.temporary));
  await refused(port.respondToChallenge({ clientId, adminPoolId: undefined, challenge: 'NEW_PASSWORD_REQUIRED', session, responses: { USERNAME: canary.username, NEW_PASSWORD: 'canary' } }, call('RespondToAuthChallenge')));
  tokensIn(await port.respondToChallenge({ clientId, adminPoolId: undefined, challenge: 'NEW_PASSWORD_REQUIRED', session, responses: { USERNAME: canary.username, NEW_PASSWORD: canary.chosen } }, call('RespondToAuthChallenge')));
  await port.adminCreateUser({
    poolId, username: `${canary.username}2`, attributes, temporaryPassword: canary.temporary, messageAction: undefined, deliveryMediums: ['EMAIL'], forceAliasCreation: false, validationData: {},
  }, call('AdminCreateUser'));
  for (let n = 0; n < 6; n++) await refused(password(canary.wrong, `${canary.username}2`));
  return { refusals, code, sealed: [session, first.parameters['SECRET_BLOCK'] ?? ''] };
}

const canaries = (code: string) => Object.values(canary).concat(code as never).flatMap((value) => [value, Buffer.from(value).toString('hex'), Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -1)]);
const found = (text: string, code: string) => canaries(code).filter((value) => (value === code ? new RegExp(`(?<!\\d)${code}(?!\\d)`).test(text) : text.includes(value)));

describe('K6, D6, E10: names, addresses, passwords, codes, verifiers and device data', () => {
  it('stand in no row, no log line, no error and no sealed text', async () => {
    const w = composed(1);
    const { refusals, code, sealed } = await live(w);
    expect(w.sent.map(({ purpose }) => purpose)).toEqual(['sign-up']);

    const { rows: tables } = await database.db.queryOnce<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'authentication' and table_name <> 'migration'`);
    const verifiers: string[] = [];
    for (const { id, owner } of (await database.db.queryOnce<{ id: string; owner: string }>(`select id, owner from authentication.vault where kind = 'password'`)).rows) {
      const secret = await database.store.vault.get({ poolId, owner, id, kind: 'password' });
      const { verifier, argon2 } = JSON.parse(secret?.toString() ?? '{}') as { verifier: string; argon2: string };
      verifiers.push(verifier.slice(0, 40), Buffer.from(verifier, 'base64').toString('hex').slice(0, 40), argon2.slice(-40));
    }
    expect(verifiers.length).toBeGreaterThan(8);
    let looked = 0;
    for (const { name } of tables) {
      const { rows } = await database.db.queryOnce<{ row: string }>(`select t::text as row from authentication.${name} t`);
      for (const { row } of rows) {
        looked += 1;
        expect([name, found(row, code), verifiers.filter((verifier) => row.includes(verifier))]).toEqual([name, [], []]);
      }
    }
    expect(looked).toBeGreaterThan(15);

    expect(refusals).toHaveLength(10);
    for (const error of refusals as Error[]) expect(found(`${error.message} ${error.stack} ${JSON.stringify(error)}`, code)).toEqual([]);
    expect(w.lines.some((line) => line.includes('could not be handed over'))).toBe(true);
    expect(found(w.lines.join('\n'), code)).toEqual([]);
    expect(found(sealed.join('\n'), code)).toEqual([]);
    for (const text of sealed) expect(text.length).toBeLessThanOrEqual(2_048);
  });
});

it('a composed service starts what it does besides answering, and ends it', async () => {
  const w = composed();
  w.parts.start();
  await w.port.signUp({ clientId, secretHash: undefined, username: 'quick', password: canary.password, attributes: [{ name: 'email', value: canary.email }], validationData: {} }, w.call('SignUp'));
  await w.delivered();
  await w.parts.stop();
  expect(w.sent).toMatchObject([{ to: canary.email }]);
  expect(await codeOf(w.port.signUp({ clientId: 'unknownclient', secretHash: undefined, username: 'x', password: 'y', attributes: [], validationData: {} }, w.call('SignUp')))).toBe('ClientNotFound');
});
