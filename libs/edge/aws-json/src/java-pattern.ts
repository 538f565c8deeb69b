import { matcherOf, type PatternToken } from './linear-matcher.js';

/** Java's `\s` is ASCII; JavaScript's is not. */
const SPACE = ' \\t\\n\\x0B\\f\\r';
const NOT_SPACE = '\\0-\\x08\\x0E-\\x1F!-\\u{10FFFF}';
const ANY_IN_LINE = '[^\\n\\r\\x85\\u2028\\u2029]';

/** One token of a pattern: a class, an escape, a quantifier, an opening or closing bracket, or any other character. */
const tokenPattern = /\[(?:\\.|[^\]\\])+\]|\\[pP]\{\w+\}|\\x[\dA-Fa-f]{2}|\\u[\dA-Fa-f]{4}|\\.|\(\?(?:[:=!]|<[=!]|s\))|\{\d+(?:,\d*)?\}|[\s\S]/gu;

/**
 * Compiles a pattern in Java's syntax to a test of whole values whose time grows linearly with the value, whatever the
 * pattern: patterns with a single unbounded quantifier run as a `RegExp`, all others by `matcherOf`.
 *
 * @throws {SyntaxError} for syntax that neither can run
 */
export function javaPattern(pattern: string): (value: string) => boolean {
  const tokens = [...pattern.matchAll(tokenPattern)].map(([text]) => tokenOf(text));
  const dotAll = tokens[0]?.source === '(?s)';
  const kept = dotAll ? tokens.slice(1) : tokens;
  if (dotAll) for (const token of kept) if (token.source === ANY_IN_LINE) Object.assign(token, { source: '[^]' });

  if (!mayBacktrackFar(kept)) {
    const native = new RegExp(`^(?:${kept.map(({ source }) => source).join('')})$`, 'u');
    return (value) => native.test(value);
  }
  return matcherOf(kept);
}

/** Whether a backtracking matcher could need more than a constant number of passes. */
function mayBacktrackFar(tokens: readonly PatternToken[]): boolean {
  const unbounded = tokens.filter(({ repeat }) => repeat && repeat.max === Infinity).length;
  const repeatsGroup = tokens.some(({ repeat }, at) => repeat && repeat.max > 1 && tokens[at - 1]?.kind === 'close');
  return unbounded > 1 || repeatsGroup;
}

function tokenOf(text: string): PatternToken {
  switch (text) {
    case '(?s)': return { kind: 'flag', source: text };
    case '(': case '(?:': return { kind: 'open', source: '(?:' };
    case '(?=': case '(?!': case '(?<=': case '(?<!': return { kind: 'look', source: text };
    case ')': return { kind: 'close', source: text };
    case '|': return { kind: 'or', source: text };
    case '^': case '$': return { kind: 'anchor', source: text };
    case '*': return { kind: 'repeat', source: text, repeat: { min: 0, max: Infinity } };
    case '+': return { kind: 'repeat', source: text, repeat: { min: 1, max: Infinity } };
    case '?': return { kind: 'repeat', source: text, repeat: { min: 0, max: 1 } };
    case '.': return { kind: 'set', source: ANY_IN_LINE };
    default:
  }
  const bounds = /^\{(\d+)(,?)(\d*)\}$/.exec(text);
  if (bounds) {
    const [, min, comma, max] = bounds;
    return { kind: 'repeat', source: text, repeat: { min: Number(min), max: max ? Number(max) : comma ? Infinity : Number(min) } };
  }
  if (text.startsWith('[')) return { kind: 'set', source: text.replace(/\\s/g, SPACE).replace(/\\S/g, NOT_SPACE) };
  if (text === '\\s') return { kind: 'set', source: `[${SPACE}]` };
  if (text === '\\S') return { kind: 'set', source: `[${NOT_SPACE}]` };
  // With the `u` flag an escape before a character that needs none is an error in JavaScript, and none in Java.
  if (/^\\[^\w^$\\.*+?()[\]{}|/]$/u.test(text)) return { kind: 'set', source: text.slice(1) };
  return { kind: 'set', source: text };
}
