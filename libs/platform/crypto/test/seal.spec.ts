import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { open, openText, seal, SEAL_OVERHEAD_BYTES, SEALED_TEXT_MAX_CHARACTERS, SealBroken, sealText } from '../src/index.js';

const key = randomBytes(32);
const otherKey = randomBytes(32);

describe('a seal', () => {
  it('opens to what was sealed', () => fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (content, aad) => {
    const blob = seal(key, content, aad);
    expect(blob).toHaveLength(content.length + SEAL_OVERHEAD_BYTES);
    expect(open(key, blob, aad)).toEqual(Buffer.from(content));
  })));
  it('is the same under a key object', () => {
    expect(open(createSecretKey(key), seal(key, Buffer.of(1), 'a'), 'a')).toEqual(Buffer.of(1));
    expect(open(key, seal(createSecretKey(key), Buffer.of(1), 'a'), 'a')).toEqual(Buffer.of(1));
  });
  it('differs each time', () => expect(seal(key, Buffer.of(1), 'a')).not.toEqual(seal(key, Buffer.of(1), 'a')));
  it('is broken by a change of any bit', () => {
    const blob = seal(key, Buffer.from('verifier'), 'cred/v1');
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const changed = Buffer.from(blob);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => open(key, changed, 'cred/v1')).toThrow(SealBroken);
    }
  });
  it('is broken by cutting it anywhere, and by lengthening it', () => {
    const blob = seal(key, Buffer.from('verifier'), 'cred/v1');
    for (let length = 0; length < blob.length; length++) expect(() => open(key, blob.subarray(0, length), 'cred/v1')).toThrow(SealBroken);
    expect(() => open(key, Buffer.concat([blob, Buffer.of(0)]), 'cred/v1')).toThrow(SealBroken);
  });
  it('is broken for another owner or under another key', () => {
    const blob = seal(key, Buffer.from('verifier'), 'cred/v1|a');
    expect(() => open(key, blob, 'cred/v1|b')).toThrow(SealBroken);
    expect(() => open(otherKey, blob, 'cred/v1|a')).toThrow(SealBroken);
    expect(() => open(key.subarray(1), blob, 'cred/v1|a')).toThrow(SealBroken);
  });
  it('is not made under a key of another length', () => expect(() => seal(randomBytes(16), Buffer.of(1), 'a')).toThrow(RangeError));
  it('is not made under a key object of another length', () =>
    expect(() => seal(createSecretKey(randomBytes(16)), Buffer.of(1), 'a')).toThrow(RangeError));
  it('tells nothing but that it is broken', () => expect(() => open(otherKey, seal(key, Buffer.from('hidden'), 'a'), 'a')).toThrow(/^seal broken$/));
});

describe.each(['base64url', 'base64'] as const)('a sealed text in %s', (form) => {
  const value = { sub: 'ada', n: [1, null, true], text: 'ł' };
  const text = sealText(key, 'session/v1', value, form);

  it('opens to its value', () => fc.assert(fc.property(fc.jsonValue({ maxDepth: 2 }), (json) => {
    const stable: unknown = JSON.parse(JSON.stringify(json)); // -0 has no form in JSON
    expect(openText(key, 'p', sealText(key, 'p', stable as never, form), form)).toEqual(stable);
  }), { numRuns: 50 }));
  it('has only characters that the form allows', () =>
    expect(text).toMatch(form === 'base64' ? /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/ : /^[A-Za-z0-9_-]+$/));
  it('is not ours with any character changed', () => {
    const alphabet = form === 'base64' ? 'AB+/=' : 'AB-_=';
    const changed = Array.from(text, (was, at) => Array.from(alphabet.replace(was, ''), (other) => text.slice(0, at) + other + text.slice(at + 1))).flat();
    expect(changed.length).toBeGreaterThan(text.length * 3);
    for (const other of changed) expect(openText(key, 'session/v1', other, form)).toBeUndefined();
  });
  it('is not ours cut anywhere', () => {
    for (let length = 0; length < text.length; length++) expect(openText(key, 'session/v1', text.slice(0, length), form)).toBeUndefined();
  });
  it.each(['A', '=', '==', 'AAAA', ' ', '\n', '.', '\u0000', '~'])('is not ours with %j behind or before it', (more) => {
    expect(openText(key, 'session/v1', text + more, form)).toBeUndefined();
    expect(openText(key, 'session/v1', more + text, form)).toBeUndefined();
  });
  it('is not ours for another purpose, under another key or in another form', () => {
    expect(openText(key, 'secret-block/v1', text, form)).toBeUndefined();
    expect(openText(otherKey, 'session/v1', text, form)).toBeUndefined();
    expect(openText(key, 'session/v1', `${text}=`, form === 'base64' ? 'base64url' : 'base64')).toBeUndefined();
  });
  it('is not what a stranger writes', () => {
    for (const strange of ['', 'x', 'null', '{}', 'A'.repeat(SEALED_TEXT_MAX_CHARACTERS), 'A'.repeat(1_000_000)]) {
      expect(openText(key, 'session/v1', strange, form)).toBeUndefined();
    }
  });
  it('has at most 2,048 characters', () => {
    expect(sealText(key, 'p', 'x'.repeat(1_505), form).length).toBeLessThanOrEqual(SEALED_TEXT_MAX_CHARACTERS);
    expect(() => sealText(key, 'p', 'x'.repeat(1_506), form)).toThrow(RangeError);
  });
});
