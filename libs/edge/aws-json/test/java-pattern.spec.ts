import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { javaPattern } from '../src/java-pattern.js';
import { matcherOf } from '../src/linear-matcher.js';

const printable = '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*';
const linkMessage = `${printable}\\{##${printable}##\\}${printable}`;
const arn = 'arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?';

describe('a pattern in the syntax of Java', () => {
  it.each([
    ['[\\w-]+_[0-9a-zA-Z]+', 'us-east-1_AbCdEf123', true],
    ['[\\w-]+_[0-9a-zA-Z]+', 'us-east-1_', false],
    ['[\\w-]+_[0-9a-zA-Z]+', 'x us-east-1_AbCdEf123', false],
    ['[\\w-]+_[0-9a-zA-Z]+', 'us-east-1_AbCdEf123\n', false],
    ['[\\w+]+', 'ümlaut', false],
    ['[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+', 'zoë@example.com', true],
    ['[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+', '😀', true],
    ['[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+', 'two words', false],
    ['[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+', '\ud800', false],
    ['[\\S]+', 'a\u00a0b', true],
    ['[\\S]+', 'a b', false],
    ['[\\w\\s+=,.@-]+', 'my pool', true],
    ['[\\w\\s+=,.@-]+', 'my\u00a0pool', false],
    ['(?s).*', 'line\nline', true],
    ['.*\\{####\\}.*', 'Your code is {####}', true],
    ['.*\\{####\\}.*', 'Your code is ####', false],
    ['.*\\{####\\}.*', 'two lines\n{####}', false],
    ['^[0-9A-Za-z\\.\\-_]*(?<!\\.)$', 'auth.example.com', true],
    ['^[0-9A-Za-z\\.\\-_]*(?<!\\.)$', 'auth.example.', false],
    ['[A-Za-z0-9-_=.]+', 'eyJ-_.=', true],
    ['^(tkn|sso)[a-z0-9]{25}$', `sso${'a'.repeat(25)}`, true],
    ['^(tkn|sso)[a-z0-9]{25}$', `sso${'a'.repeat(24)}`, false],
    [arn, 'arn:aws:lambda:us-east-1:123456789012:function:f', true],
    [arn, 'arn:aws:iam::123456789012:role/r', true],
    [arn, 'arn:aws:iam:123456789012:role/r', false],
    [linkMessage, 'Click {##here##} please', true],
    [linkMessage, 'Click {####} please', true],
    [linkMessage, 'Click {##} please', false],
    ['', '', true],
  ])('%j takes %j: %j', (pattern, value, matches) => expect(javaPattern(pattern)(value)).toBe(matches));

  it('is judged by the linear matcher as by a RegExp', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '(?:ab|c)', '(?:a|bc?)');
    const part = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '{2,}')).map(([of, times]) => of + times);
    const pattern = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    const value = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    fc.assert(fc.property(pattern, value, (source, text) => {
      // Unbounded twice, so that the linear matcher judges whatever stands before.
      expect(javaPattern(`(?:${source})x*y*`)(text)).toBe(new RegExp(`^(?:${source})x*y*$`, 'u').test(text));
    }), { numRuns: 500 });
  });

  it('counts at most states times characters, where a backtracking engine would need the cube', () => {
    const hostile = `${'{##'.repeat(3000)}${'##}'.repeat(3000)}\u0000`;
    expect(javaPattern(linkMessage)(hostile)).toBe(false);
    expect(javaPattern('[\\S]+@[\\S]+')(`${'@'.repeat(1_000_000)} `)).toBe(false);
  });

  it.each([
    ['lookaround', [{ kind: 'look', source: '(?!' }]],
    ['an anchor inside', [{ kind: 'set', source: 'a' }, { kind: 'anchor', source: '^' }, { kind: 'set', source: 'a' }]],
    ['an open group', [{ kind: 'open', source: '(' }, { kind: 'set', source: 'a' }]],
    ['a stray closing bracket', [{ kind: 'set', source: 'a' }, { kind: 'close', source: ')' }]],
    ['a huge count', [{ kind: 'set', source: 'a' }, { kind: 'repeat', source: '{999}', repeat: { min: 999, max: 999 } }]],
  ] as const)('refuses %s rather than guess', (_what, tokens) => expect(() => matcherOf(tokens)).toThrow(SyntaxError));
});
