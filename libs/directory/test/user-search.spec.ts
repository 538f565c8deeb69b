import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { criterionOf, firstAfterPrefix, keyOf } from '../src/domain/user-search.js';

/** As PostgreSQL compares in the collation C, and so in every index of ours: by bytes of UTF-8. */
const before = (a: string, b: string) => Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')) < 0;
const text = fc.string({ unit: 'grapheme', maxLength: 6 });

describe('the range of a prefix', () => {
  it('holds exactly the texts that begin with it', () => fc.assert(fc.property(text, text, fc.boolean(), (prefix, other, continued) => {
    const value = continued ? prefix + other : other;
    const below = firstAfterPrefix(prefix);
    const within = !before(value, prefix) && (below === undefined || before(value, below));
    expect(within).toBe(value.startsWith(prefix));
  })));
  it.each([['a', 'b'], ['az', 'a{'], ['\u{d7ff}', '\u{e000}'], ['a\u{10ffff}', 'b'], ['\u{10ffff}', undefined], ['', undefined]])('of %j ends before %j', (prefix, end) =>
    expect(firstAfterPrefix(prefix)).toBe(end));
});

describe('a filter', () => {
  it('means everybody where there is none', () => expect(criterionOf(undefined, true)).toEqual({ is: 'everybody' }));
  it('compares user names, and nothing else, in the form in which they are kept', () => {
    const value = (attribute: string, caseSensitive: boolean) => criterionOf({ attribute, comparison: 'equals', value: 'AME\u0301LIE' }, caseSensitive);
    expect(value('username', false)).toEqual({ is: 'equal', key: 'username', value: 'am\u00e9lie' });
    expect(value('username', true)).toEqual({ is: 'equal', key: 'username', value: 'AM\u00c9LIE' });
    expect(value('name', false)).toEqual({ is: 'equal', key: 'name', value: 'AME\u0301LIE' });
  });
  it.each(['name', 'sub', 'username', 'status'])('of %s looks for nothing that no table can hold', (attribute) => {
    const reason = 'The value of a filter must not contain a NUL character.';
    expect(() => criterionOf({ attribute, comparison: 'starts-with', value: 'a\0' }, true)).toThrow(expect.objectContaining({ code: 'InvalidParameter', details: { reason } }));
  });
});

describe('a key', () => {
  it('is the value, cut after 256 characters', () => {
    expect(keyOf('x'.repeat(256))).toBe('x'.repeat(256));
    expect(keyOf('😀'.repeat(257))).toBe('😀'.repeat(256));
    expect(keyOf('😀'.repeat(200))).toBe('😀'.repeat(200));
  });
});
