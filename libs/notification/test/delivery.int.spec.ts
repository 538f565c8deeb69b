import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noEffects, type CallContext } from '@rollcall/contracts';
import type { Sealing } from '@rollcall/eventing';
import { epochMillis } from '@rollcall/kernel';
import { migrate } from '@rollcall/platform-postgres';
import { testDatabase, type TestDatabase } from '@rollcall/platform-postgres/testing';
import { SMTPServer } from 'smtp-server';

import { deliveryWorker, notificationMigrations, notificationService, postgresMessages, smtpTransport, type Transports } from '../src/index.js';

/** Seals by a marker and the person, so that a test can see both that it is sealed and that an erased person's is closed. */
const erased = new Set<string>();
const sealing: Pick<Sealing, 'sealFor' | 'openFor'> = {
  sealFor: async ({ sub }, purpose, plain) => Buffer.from(`${sub}|${purpose}|${Buffer.from(plain).toString('base64')}`),
  openFor: async ({ sub }, purpose, sealed) => {
    if (Buffer.from(sealed).toString() === 'changed') throw new Error('the seal is broken');
    const [who, what, content] = Buffer.from(sealed).toString().split('|');
    return erased.has(sub ?? '') || who !== sub || what !== purpose ? undefined : Buffer.from(content ?? '', 'base64');
  },
};
const call: CallContext = {
  correlationId: 'c', operation: 'SignUp', deadline: epochMillis(Date.now() + 600_000), caller: { kind: 'anonymous', id: '' }, clientMetadata: {}, effects: noEffects(),
};
const message = (n: number, over = {}) => ({
  messageId: `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`, poolId: 'us-east-1_AbCdEf123', sub: 'ada', channel: 'email', to: 'ada@example.com',
  purpose: 'sign-up', subject: 'Your code', body: 'It is <b>123456</b>', expiresAt: Date.now() + 60_000, ...over,
});

describe('mail by SMTP', () => {
  let database: TestDatabase;
  let received: string[] = [];
  let answers: number[] = [];
  const sink = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      stream.on('end', () => {
        const code = answers.shift() ?? 250;
        if (code === 250) received.push(text);
        done(code === 250 ? null : Object.assign(new Error('no'), { responseCode: code }));
      });
    },
  });
  let port = 0;
  const stateOf = async (id: string) =>
    (await database.db.queryOnce<{ state: string; sealed: Buffer | null; attempts: number }>('select state, sealed, attempts from notification.message where message_id = $1', [id])).rows[0];
  const until = async (holds: () => Promise<boolean>) => {
    while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
  };

  beforeAll(async () => {
    database = await testDatabase();
    await migrate(database.db, 'notification', [{ label: 'notification', folder: notificationMigrations }]);
    await new Promise<void>((resolve) => { sink.listen(0, '127.0.0.1', resolve); });
    port = (sink.server.address() as { port: number }).port;
  });
  afterAll(async () => {
    await new Promise<void>((resolve) => { sink.close(resolve); });
    await database.close();
  });

  function start(transports: Transports) {
    received = [];
    const messages = postgresMessages({ db: database.db, sealing });
    const worker = deliveryWorker({ messages, transports, clock: { now: () => epochMillis(Date.now()) }, log: { warn: () => undefined } });
    return { messages, worker, service: notificationService({ messages, transports, wake: worker.wake }) };
  }
  const smtp = () => ({ email: smtpTransport({ url: `smtp://127.0.0.1:${port}`, from: 'Rollcall <no-reply@example.com>' }) });

  it('K9: delivers once what was asked for twice, with the message id of the request, and keeps no content', async () => {
    const { service, worker } = start(smtp());
    await service.send(message(1), call);
    await service.send(message(1, { body: 'another' }), call);
    await until(async () => (await stateOf(message(1).messageId))?.state === 'delivered');
    await service.send(message(1), call);
    await worker.stop();
    expect(received).toHaveLength(1);
    expect(received[0]).toContain(`Message-ID: <${message(1).messageId}@example.com>`);
    expect(received[0]).toContain('To: ada@example.com');
    expect(received[0]).toContain('It is 123456');
    expect(await stateOf(message(1).messageId)).toEqual({ state: 'delivered', sealed: null, attempts: 1 });
  });

  it('tries again after a temporary refusal, and not after a permanent one', async () => {
    answers = [451];
    const { service, worker } = start(smtp());
    await service.send(message(2), call);
    await until(async () => (await stateOf(message(2).messageId))?.state === 'delivered');
    expect((await stateOf(message(2).messageId))?.attempts).toBe(2);
    answers = [550];
    await service.send(message(3), call);
    await until(async () => (await stateOf(message(3).messageId))?.state === 'failed');
    await worker.stop();
    expect(received).toHaveLength(1);
  }, 30_000);

  it('delivers a message once though several workers wait for it', async () => {
    const workers = [start(smtp()), start(smtp()), start(smtp())];
    await workers[0]?.service.send(message(4), call);
    for (const { worker } of workers) worker.wake();
    await until(async () => (await stateOf(message(4).messageId))?.state === 'delivered');
    await Promise.all(workers.map(({ worker }) => worker.stop()));
    expect(received).toHaveLength(1);
  });

  it('sends nothing whose code has expired, and nothing to an erased person', async () => {
    const { service, worker } = start(smtp());
    await service.send(message(5, { expiresAt: Date.now() - 1 }), call);
    erased.add('bob');
    await service.send(message(6, { sub: 'bob', to: 'bob@example.com' }), call);
    await service.send(message(7), call);
    await until(async () => (await stateOf(message(7).messageId))?.state === 'delivered');
    await worker.stop();
    expect(received.map((text) => /Message-ID: <(.*)@/.exec(text)?.[1])).toEqual([message(7).messageId]);
  });

  it('delivers what was taken together with a message whose seal is broken', async () => {
    const before = postgresMessages({ db: database.db, sealing });
    for (const n of [11, 12]) await before.accept(message(n), true);
    await database.db.queryOnce(`update notification.message set sealed = 'changed'::bytea where message_id = $1`, [message(11).messageId]);
    const { worker } = start(smtp());
    await until(async () => (await stateOf(message(12).messageId))?.state === 'delivered');
    await worker.stop();
    expect(received).toHaveLength(1);
    expect((await stateOf(message(11).messageId))?.state).toBe('queued');
  });

  it('keeps messages in the outbox without a transport, sealed, the newest first, until they expire', async () => {
    const { service, messages, worker } = start({});
    await service.send(message(8), call);
    await service.send(message(9, { to: 'eve@example.com', channel: 'sms' }), call);
    await database.db.queryOnce('update notification.message set accepted_at = accepted_at + 1 where message_id = $1', [message(9).messageId]); // not the same millisecond
    await service.send(message(10, { expiresAt: Date.now() - 1 }), call);
    expect((await service.outbox({ limit: 10 }, call)).messages.map((each) => each.message?.messageId)).toEqual([message(9).messageId, message(8).messageId]);
    expect((await service.outbox({ limit: 10, to: 'ada@example.com' }, call)).messages.map((each) => each.message)).toEqual([{ ...message(8), expiresAt: expect.any(Number) }]);
    const raw = await database.db.queryOnce('select * from notification.message where message_id = $1', [message(8).messageId]);
    expect(JSON.stringify(raw.rows)).not.toMatch(/ada@example|123456/);
    while (await messages.sweep(100) > 0);
    expect(await stateOf(message(10).messageId)).toBeUndefined();
    expect((await stateOf(message(8).messageId))?.state).toBe('outbox');
    await worker.stop();
  });
});
