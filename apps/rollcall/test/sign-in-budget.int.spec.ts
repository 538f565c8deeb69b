import 'reflect-metadata';

import { createHmac } from 'node:crypto';

import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noEffects, type CallContext, type wire } from '@rollcall/contracts';
import type { EventStore } from '@rollcall/eventing';
import { canonicalJson, epochMillis, poolNameOf } from '@rollcall/kernel';
import { inlineCrypto, masterKeyProvider, srpTimestampOf, uuidV4 } from '@rollcall/platform-crypto';
import { createLogger } from '@rollcall/platform-log';
import { testDatabase, type TestDatabase } from '@rollcall/platform-postgres/testing';

import type { Ports } from '../src/ports.js';
import { composeServices } from '../src/services.js';
import { openStores, type ServiceName, type Stores } from '../src/stores.js';
import { srpClient } from './srp-client.js';

@Module({})
class Composed {}

const call = (operation: string): CallContext => ({
  correlationId: uuidV4(), operation, deadline: epochMillis(Date.now() + 60_000), caller: { kind: 'anonymous', id: '' }, source: '192.0.2.1',
  clientMetadata: {}, effects: noEffects(),
});

/** A log that counts what is asked of it by stream; what readers of the whole log do does not count. */
function counted(store: EventStore, count: (what: 'read' | 'append') => void): EventStore {
  return {
    ...store,
    read: (...args) => { count('read'); return store.read(...args); },
    append: (...args) => { count('append'); return store.append(...args); },
  };
}

describe('a sign-in step', () => {
  let database: TestDatabase;
  let stores: Stores;
  let app: INestApplicationContext;
  let background: { stop(): Promise<void> };
  let ports: Ports;
  let poolId: string;
  let clientId: string;
  const counts = { read: 0, append: 0 };

  beforeAll(async () => {
    database = await testDatabase();
    const plain = await openStores(database.db, masterKeyProvider(Buffer.alloc(32, 3)), false);
    stores = Object.fromEntries((Object.keys(plain) as ServiceName[])
      .map((name) => [name, { ...plain[name], events: counted(plain[name].events, (what) => { counts[what] += 1; }) }])) as unknown as Stores;
    const services = await composeServices({
      db: database.db, stores, crypto: inlineCrypto(), transports: {}, issuer: (pool) => `http://issuer.test/${pool}`, accountId: '123456789012',
      log: createLogger({ level: 'silent' }), app: () => app,
    });
    app = await NestFactory.createApplicationContext({ module: Composed, imports: services.modules }, { logger: false });
    background = services.start();
    ports = services.ports;

    const pool = await ports.directory.createPool({ region: 'us-east-1', settingsJson: canonicalJson({ PoolName: 'budget' }) }, call('CreateUserPool'));
    poolId = pool.poolId;
    const settingsJson = canonicalJson({ ClientName: 'web', ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] });
    ({ clientId } = await ports.directory.createClient({ poolId, settingsJson, generateSecret: false, secret: undefined }, call('CreateUserPoolClient')));
    await ports.authentication.adminCreateUser({
      poolId, username: 'ada', attributes: [], temporaryPassword: undefined, messageAction: 'SUPPRESS', deliveryMediums: [], forceAliasCreation: false, validationData: {},
    }, call('AdminCreateUser'));
    await ports.authentication.adminSetUserPassword({ poolId, username: 'ada', password: 'Correct-horse-1', permanent: true }, call('AdminSetUserPassword'));
    // Signing keys and contexts are read once and kept; a process that serves has them.
    await initiate('USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD: 'Correct-horse-1' });
  });
  afterAll(async () => {
    await background.stop();
    await app.close();
    await Promise.all(Object.values(stores).map((store) => store.close()));
    await database.close();
  });

  const initiate = (flow: string, parameters: Record<string, string>) =>
    ports.authentication.initiateAuth({ clientId, adminPoolId: undefined, flow, parameters, session: undefined, wantsProof: false }, call('InitiateAuth'));
  const respond = (challenge: string, responses: Record<string, string>) =>
    ports.authentication.respondToChallenge({ clientId, adminPoolId: undefined, challenge, session: undefined, responses }, call('RespondToAuthChallenge'));
  const tokensOf = ({ outcome }: wire.authentication.AuthStep) => {
    if (outcome?.$case !== 'tokens') throw new TypeError('no tokens');
    return outcome.value;
  };

  /** What one step reads and appends, with the pool and client known, as they are for a second after anybody asked. */
  async function cost<T>(step: () => Promise<T>): Promise<{ readonly answer: T; readonly reads: number; readonly appends: number }> {
    await ports.directory.clientContext({ clientId }, call('ClientContext'));
    const before = { ...counts };
    const answer = await step();
    return { answer, reads: counts.read - before.read, appends: counts.append - before.append };
  }

  it('by password makes at most 2 stream reads and 1 append', async () => {
    const { answer, reads, appends } = await cost(() => initiate('USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD: 'Correct-horse-1' }));
    expect(tokensOf(answer).accessToken).toMatch(/^ey/);
    expect({ reads, appends }).toEqual({ reads: 2, appends: 0 });
  });

  it('by SRP makes at most 2 stream reads and 1 append in each of its steps', async () => {
    const client = srpClient();
    const first = await cost(() => initiate('USER_SRP_AUTH', { USERNAME: 'ada', SRP_A: client.A }));
    if (first.answer.outcome?.$case !== 'challenge') throw new TypeError('no challenge');
    const { SALT = '', SRP_B = '', SECRET_BLOCK = '', USER_ID_FOR_SRP = '' } = first.answer.outcome.value.parameters;
    const key = client.key({ poolName: poolNameOf(poolId), username: USER_ID_FOR_SRP, password: 'Correct-horse-1', salt: SALT, B: SRP_B });
    const timestamp = srpTimestampOf(epochMillis(Date.now()));
    const signature = createHmac('sha256', key)
      .update(poolNameOf(poolId)).update(USER_ID_FOR_SRP).update(Buffer.from(SECRET_BLOCK, 'base64')).update(timestamp).digest('base64');
    const second = await cost(() => respond('PASSWORD_VERIFIER', {
      USERNAME: USER_ID_FOR_SRP, PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK, PASSWORD_CLAIM_SIGNATURE: signature, TIMESTAMP: timestamp,
    }));
    expect(tokensOf(second.answer).idToken).toMatch(/^ey/);
    expect([first, second].map(({ reads, appends }) => ({ reads, appends }))).toEqual([{ reads: 1, appends: 0 }, { reads: 2, appends: 0 }]);
  });

  it('by refresh makes at most 2 stream reads and 1 append', async () => {
    const { refreshToken = '' } = tokensOf(await initiate('USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD: 'Correct-horse-1' }));
    const { reads, appends } = await cost(() => initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: refreshToken }));
    expect(reads).toBeLessThanOrEqual(2);
    expect(appends).toBe(0);
  });

  it('that is refused appends nothing, however often', async () => {
    const { reads, appends } = await cost(async () => {
      await expect(initiate('USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD: 'Wrong-horse-1' })).rejects.toMatchObject({ code: 'PasswordMismatch' });
    });
    expect({ reads: reads <= 2, appends }).toEqual({ reads: true, appends: 0 });
  });
});
