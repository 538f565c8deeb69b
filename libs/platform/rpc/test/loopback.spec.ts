import { describe, expect, it } from '@jest/globals';
import { noEffects, NotificationService, refusal, type CallContext, type NotificationPort } from '@rollcall/contracts';
import { epochMillis } from '@rollcall/kernel';

import { loopbackPort } from '../src/index.js';

const call = (over: Partial<CallContext> = {}): CallContext => ({
  correlationId: 'c-1', operation: 'SignUp', deadline: epochMillis(Date.now() + 10_000), caller: { kind: 'anonymous', id: '' },
  clientMetadata: { a: 'b' }, source: '192.0.2.1', effects: noEffects(), ...over,
});
const message = { messageId: 'm', poolId: 'p', channel: 'email', to: 'ada@example.com', purpose: 'sign-up', body: 'hello', expiresAt: 5 };
const port = (over: Partial<NotificationPort>): NotificationPort =>
  loopbackPort(NotificationService, { send: async () => ({}), outbox: async () => ({ messages: [] }), ...over });

describe('a port in the same process', () => {
  it('hands over a copy of request and context', async () => {
    let seen: unknown[] = [];
    const sent = { ...message, notInTheProto: 1 };
    await port({ send: async (request, context) => { seen = [request, context]; return {}; } }).send(sent, call());
    expect(seen[0]).toEqual(message);
    expect(seen[1]).toMatchObject({ correlationId: 'c-1', source: '192.0.2.1', clientMetadata: { a: 'b' }, effects: { eventIds: [] } });
    expect((seen[1] as CallContext).requestKey).toBeUndefined();
  });

  it('brings back what the callee did, with answers and with refusals', async () => {
    const mine = call();
    await port({ send: async (_, context) => { context.effects.eventIds.push('e1'); context.effects.sub = 's'; context.effects.poolId = 'p'; return {}; } }).send(message, mine);
    const refusing = port({ send: async (_, context) => { context.effects.eventIds.push('e2'); throw refusal('UserNotFound'); } });
    await expect(refusing.send(message, mine)).rejects.toThrow('UserNotFound');
    expect(mine.effects).toEqual({ eventIds: ['e1', 'e2'], sub: 's', poolId: 'p' });
  });

  it('refuses with the same typed error', async () => {
    const refusing = port({ send: async () => { throw refusal('ClientNotFound', { clientId: 'abc', tries: 2, final: true }); } });
    await expect(refusing.send(message, call()))
      .rejects.toMatchObject({ name: 'DomainError', code: 'ClientNotFound', details: { clientId: 'abc', tries: 2, final: true } });
  });

  it('does not start a call whose deadline has passed', async () => {
    let started = false;
    const late = port({ send: async () => { started = true; return {}; } });
    await expect(late.send(message, call({ deadline: epochMillis(Date.now() - 1) }))).rejects.toMatchObject({ code: 'DeadlineExceeded' });
    expect(started).toBe(false);
  });
});
