import { describe, expect, it } from '@jest/globals';
import { epochMillis, type EpochMillis } from '@rollcall/kernel';

import { deliveryWorker } from '../src/application/delivery-worker.js';
import type { Delivery, Message, Messages } from '../src/application/messages.js';
import { nextAttempt } from '../src/domain/retry.js';

const message: Message = {
  messageId: 'm1', poolId: 'us-east-1_AbCdEf123', channel: 'email', to: 'ada@example.com', purpose: 'sign-up', subject: 's', body: 'b', expiresAt: 9,
};
const now = epochMillis(1_000_000);

/** Runs a worker over one due message until something is decided about it. */
async function deliverOnce(deliver: () => Promise<Delivery>, taken: Awaited<ReturnType<Messages['takeDue']>> = [{ message, attempts: 3 }]) {
  const warnings: unknown[] = [];
  let due = taken;
  const decided = await new Promise<[string, string, EpochMillis?]>((resolve) => {
    const messages = {
      takeDue: async () => { const taken = due; due = []; return taken; },
      delivered: async (id: string) => resolve(['delivered', id]),
      failed: async (id: string) => resolve(['failed', id]),
      retryAt: async (id: string, at: EpochMillis) => resolve(['retry', id, at]),
      sweep: async () => 0,
    } as unknown as Messages;
    const worker = deliveryWorker({
      messages, transports: { email: { deliver } }, clock: { now: () => now },
      log: { warn: (facts) => { warnings.push(facts); } },
    });
    stopLater.push(worker.stop);
  });
  await Promise.all(stopLater.splice(0).map((stop) => stop()));
  return { decided, warnings };
}
const stopLater: (() => Promise<void>)[] = [];

describe('the delivery worker', () => {
  it('forgets the content of what was delivered', async () =>
    expect(await deliverOnce(async () => 'delivered')).toEqual({ decided: ['delivered', 'm1'], warnings: [] }));
  it('gives up what was refused for good', async () =>
    expect((await deliverOnce(async () => 'refused')).decided).toEqual(['failed', 'm1']));
  it('tries again later, after a fault too, and logs no address', async () => {
    const { decided, warnings } = await deliverOnce(async () => { throw Object.assign(new Error('ada@example.com: no route'), { code: 'ECONNREFUSED' }); });
    expect(decided).toEqual(['retry', 'm1', nextAttempt(3, now)]);
    expect(warnings).toEqual([{ messageId: 'm1', channel: 'email', purpose: 'sign-up', attempts: 3, code: 'ECONNREFUSED' }]);
  });
  it('passes by what it cannot read, says so and tries again later', async () => {
    const fault = new Error('the seal is broken');
    const { decided, warnings } = await deliverOnce(async () => { throw new Error('not called'); }, [{ messageId: 'm1', attempts: 2, fault }]);
    expect(decided).toEqual(['retry', 'm1', nextAttempt(2, now)]);
    expect(warnings).toEqual([{ messageId: 'm1', attempts: 2, error: fault }]);
  });
});

describe('a delivery worker that is stopped', () => {
  it('waits for every delivery in hand, although the outcome of another could not be written down', async () => {
    let due = [message, { ...message, messageId: 'm2' }].map((each) => ({ message: each, attempts: 1 }));
    let deliver = () => {};
    let failed = () => {};
    const written: string[] = [];
    const oneFailed = new Promise<void>((resolve) => { failed = resolve; });
    const worker = deliveryWorker({
      messages: {
        takeDue: async () => { const taken = due; due = []; return taken; },
        delivered: async (id: string) => {
          if (id === 'm1') {
            failed();
            throw new Error('the database is away');
          }
          written.push(id);
        },
        sweep: async () => 0,
      } as unknown as Messages,
      transports: { email: { deliver: ({ messageId }) => new Promise<Delivery>((resolve) => { if (messageId === 'm1') resolve('delivered'); else deliver = () => resolve('delivered'); }) } },
      clock: { now: () => now },
      log: { warn: () => {} },
    });
    await oneFailed;
    const stopped = worker.stop().then(() => written.push('stopped'));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    deliver();
    await stopped;
    expect(written).toEqual(['m2', 'stopped']);
  });
});

describe('the time of the next attempt', () => {
  it.each([[1, 2_000], [2, 4_000], [5, 32_000], [10, 900_000], [400, 900_000]])('after %i attempts is %i ms away', (attempts, wait) =>
    expect(nextAttempt(attempts, now)).toBe(now + wait));
});
