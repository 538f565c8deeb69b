import { dispatcher, type HttpAnswer } from '@rollcall/edge-aws-json';
import { describe, expect, it } from '@jest/globals';
import { DomainError, epochMillis } from '@rollcall/kernel';
import fc from 'fast-check';

import { facts } from '../src/gen/facts.js';
import { userPoolsService } from '../src/user-pools-service.js';

/** Called as anyone can: every operation that needs no signature, by name. */
const open = Object.keys(facts.operations).filter((name) => !facts.operations[name]?.signed);

function anyone(): { called: unknown[]; send: (operation: string, body: unknown) => Promise<HttpAnswer> } {
  const called: unknown[] = [];
  const rows = Object.fromEntries(open.map((name) => [name, { mode: 'public' as const, handle: async (input: unknown) => { called.push(input); return {}; } }]));
  const { dispatch } = dispatcher({ ...userPoolsService, rows }, {
    ports: {} as never,
    signingKeyOf: async () => undefined,
    checkToken: async () => { throw new DomainError('AccessTokenInvalid'); },
    audit: { open: () => true, record: async () => undefined, countRejected: () => undefined },
    log: { error: () => undefined },
    clock: { now: () => epochMillis(Date.now()) },
    accountId: '123456789012',
  });
  const send = (operation: string, body: unknown) => dispatch({
    method: 'POST',
    url: '/',
    headers: new Map([['content-type', ['application/x-amz-json-1.1']], ['x-amz-target', [`AWSCognitoIdentityProviderService.${operation}`]]]),
    body: Buffer.from(JSON.stringify(body)),
    source: undefined,
  });
  return { called, send };
}

const member = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom('x'.repeat(150_000), '@'.repeat(130_000), '{##'.repeat(6_000), '\u0000', '😀'.repeat(200), '__proto__', 'a'),
  fc.array(fc.constantFrom(null, {}, [], { Name: 'x' }, { Name: null, Value: 5 }), { maxLength: 50 }),
  fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer())),
);

describe('whatever anyone sends to an operation of the API (abuse I9)', () => {
  it.each(open)('%s answers, never with a 5xx, and lets nothing pass that breaks the model', async (operation) => {
    const { members = {}, required = [] } = facts.shapes[facts.operations[operation]?.input ?? ''] ?? {};
    const input = fc.record(Object.fromEntries(Object.keys(members).map((name) => [name, member])), { requiredKeys: [] });
    await fc.assert(fc.asyncProperty(input, async (body) => {
      const { called, send } = anyone();
      const { status, body: text } = await send(operation, body);
      expect([200, 400]).toContain(status);
      expect(text.length).toBeLessThan(20_000);
      for (const passed of called) expect(Object.keys(passed as object)).toEqual(expect.arrayContaining([...required]));
    }), { numRuns: 15 });
  });
});
