/**
 * Whether the time of an answer tells a user's name from nobody's: the first leg of SRP and a wrong password, for clients
 * with PreventUserExistenceErrors, asked for a user and for nobody by turns. Prints Welch's t: beyond about ±4.5 the two
 * can be told apart (the bound of leakage tests, Goodwill et al. 2011). Equal work is proved by tests that count it.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  AdminCreateUserCommand, AdminSetUserPasswordCommand, CognitoIdentityProviderClient, CreateUserPoolClientCommand, CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';

import { freePort, isReady, rollcall } from './rollcall.mjs';

const PAIRS = 400;
const WARM_UP = 50;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values, middle = mean(values)) => values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
/** Without the slowest tenth: what else the machine did then says nothing of us. */
const trimmed = (values) => values.toSorted((a, b) => a - b).slice(0, Math.floor(values.length * 0.9));
const welch = (a, b) => (mean(a) - mean(b)) / Math.sqrt(variance(a) / a.length + variance(b) / b.length);

async function prepare(endpoint, dataDir) {
  const text = readFileSync(join(dataDir, 'admin-credentials'), 'utf8');
  const value = (name) => new RegExp(`${name} = (\\S+)`).exec(text)[1];
  const credentials = { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
  const cognito = new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint, credentials });
  const { UserPool: { Id: UserPoolId } } = await cognito.send(new CreateUserPoolCommand({ PoolName: 'enumeration' }));
  const { UserPoolClient: { ClientId } } = await cognito.send(new CreateUserPoolClientCommand({
    UserPoolId, ClientName: 'web', PreventUserExistenceErrors: 'ENABLED', ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  }));
  // A name is locked after five wrong passwords: each is asked for a few times only.
  for (let n = 0; n < (PAIRS + WARM_UP) / 4 + 1; n++) {
    await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username: `user-${n}`, MessageAction: 'SUPPRESS' }));
    await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: `user-${n}`, Password: 'Correct-horse-1', Permanent: true }));
  }
  return ClientId;
}

async function timed(endpoint, input) {
  const began = performance.now();
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth' },
    body: JSON.stringify(input),
  });
  await answer.text();
  return performance.now() - began;
}

async function measure(endpoint, ClientId, flow, parametersOf) {
  const known = [];
  const unknown = [];
  for (let n = 0; n < PAIRS + WARM_UP; n++) {
    const ask = (USERNAME) => timed(endpoint, { ClientId, AuthFlow: flow, AuthParameters: { USERNAME, ...parametersOf() } });
    const who = Math.floor(n / 4);
    // Whoever comes first meets the colder caches: by turns.
    const pair = n % 2 === 0 ? [await ask(`user-${who}`), await ask(`none-${who}`)] : [await ask(`none-${who}`), await ask(`user-${who}`)].reverse();
    if (n < WARM_UP) continue;
    known.push(pair[0]);
    unknown.push(pair[1]);
  }
  const [a, b] = [trimmed(known), trimmed(unknown)];
  console.log(`  ${flow.padEnd(24)} a user ${mean(a).toFixed(2)} ms, nobody ${mean(b).toFixed(2)} ms, t = ${welch(a, b).toFixed(1)}`);
}

/** Starts a Rollcall of its own, measures, and stops it. */
export async function printEnumeration() {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}/`;
  const child = rollcall(dataDir, port);
  const ended = once(child, 'exit');
  try {
    while (!await isReady(port)) await sleep(20);
    const ClientId = await prepare(endpoint, dataDir);
    console.log(`\nA user's name against nobody's, PreventUserExistenceErrors ENABLED, ${PAIRS} pairs`);
    await measure(endpoint, ClientId, 'USER_SRP_AUTH', () => ({ SRP_A: randomBytes(384).toString('hex').replace(/^./, '7') }));
    await measure(endpoint, ClientId, 'USER_PASSWORD_AUTH', () => ({ PASSWORD: 'Wrong-horse-1' }));
  } finally {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}
