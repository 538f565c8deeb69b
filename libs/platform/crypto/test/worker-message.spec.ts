import { describe, expect, it } from '@jest/globals';
import { detached } from '../src/worker-message.js';

describe('a message to or from a worker', () => {
  it("carries none of the memory that a thread's small Buffers share", () => {
    const small = Buffer.from('secret');
    expect(small.buffer.byteLength).toBeGreaterThan(6);
    const { salt, text } = detached({ salt: small, text: 'x' }) as { salt: Uint8Array; text: string };
    expect([Buffer.from(salt).toString(), salt.buffer.byteLength, text]).toEqual(['secret', 6, 'x']);
    expect((detached(small) as Uint8Array).buffer.byteLength).toBe(6);
  });
  it.each(['text', true, 7, null, undefined])('may be %p as it is', (value) => expect(detached(value)).toBe(value));
});
