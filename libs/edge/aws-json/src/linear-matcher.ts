/** A token of a pattern; `source` is JavaScript's syntax under the `u` flag. */
export interface PatternToken {
  readonly kind: 'set' | 'open' | 'close' | 'or' | 'repeat' | 'anchor' | 'look' | 'flag';
  readonly source: string;
  readonly repeat?: { readonly min: number; readonly max: number };
}

type Node =
  | { readonly is: 'set'; readonly has: (char: string) => boolean }
  | { readonly is: 'row' | 'choice'; readonly parts: readonly Node[] }
  | { readonly is: 'repeat'; readonly of: Node; readonly min: number; readonly max: number };

interface State {
  /** `undefined`: goes on without reading a character. */
  has?: (char: string) => boolean;
  next: number[];
}

/** Copies of a repeated part beyond this would make the machine large. */
const MOST_COPIES = 200;

/**
 * A test of whole values that follows all ways through the pattern at once (Thompson's construction), so that no value
 * can make it slow: at most (number of states) steps a character, where a backtracking engine can need the cube of the
 * length for patterns that this API has.
 *
 * @throws {SyntaxError} for anchors that are not at the ends, lookaround, or counts above 200
 * @see R. Cox, "Regular Expression Matching Can Be Simple And Fast", 2007
 */
export function matcherOf(tokens: readonly PatternToken[]): (value: string) => boolean {
  const states: State[] = [];
  const add = (state: State): number => states.push(state) - 1;
  const end = add({ next: [] });
  const start = build(parse(tokens), end, add);

  return (value) => {
    let current = reached(states, [start]);
    for (const char of value) {
      const next: number[] = [];
      for (const at of current) {
        const state = states[at];
        if (state?.has?.(char)) next.push(...state.next);
      }
      current = reached(states, next);
      if (current.size === 0) return false;
    }
    return current.has(end);
  };
}

/** The states that can be reached without reading a character. */
function reached(states: readonly State[], from: readonly number[]): Set<number> {
  const found = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    const state = states[at];
    if (state && !state.has) open.push(...state.next);
  }
  return found;
}

/** Adds the states of a node before `next`, and answers with its first. */
function build(node: Node, next: number, add: (state: State) => number): number {
  switch (node.is) {
    case 'set': return add({ has: node.has, next: [next] });
    case 'row': return node.parts.reduceRight((after, part) => build(part, after, add), next);
    case 'choice': return add({ next: node.parts.map((part) => build(part, next, add)) });
    case 'repeat': {
      let first = next;
      if (node.max === Infinity) {
        const loop: State = { next: [next] };
        first = add(loop);
        loop.next.push(build(node.of, first, add));
      } else {
        for (let copy = node.min; copy < node.max; copy++) first = add({ next: [next, build(node.of, first, add)] });
      }
      for (let copy = 0; copy < node.min; copy++) first = build(node.of, first, add);
      return first;
    }
  }
}

function parse(tokens: readonly PatternToken[]): Node {
  let at = 0;
  const choice = (): Node => {
    const parts = [row()];
    while (tokens[at]?.kind === 'or') {
      at++;
      parts.push(row());
    }
    return parts.length === 1 && parts[0] ? parts[0] : { is: 'choice', parts };
  };
  const row = (): Node => {
    const parts: Node[] = [];
    for (let token = tokens[at]; token && token.kind !== 'or' && token.kind !== 'close'; token = tokens[at]) {
      at++;
      if (token.kind === 'anchor') {
        if (at !== 1 && at !== tokens.length) throw new SyntaxError('an anchor inside a pattern');
        continue;
      }
      parts.push(repeated(atom(token)));
    }
    return { is: 'row', parts };
  };
  const atom = (token: PatternToken): Node => {
    if (token.kind === 'set') return { is: 'set', has: setOf(token.source) };
    if (token.kind !== 'open') throw new SyntaxError(`${token.source} in a pattern that needs a linear matcher`);
    const inner = choice();
    if (tokens[at++]?.kind !== 'close') throw new SyntaxError('an open group in a pattern');
    return inner;
  };
  const repeated = (of: Node): Node => {
    const repeat = tokens[at]?.repeat;
    if (!repeat) return of;
    at++;
    if (Math.max(repeat.min, repeat.max === Infinity ? 0 : repeat.max) > MOST_COPIES) throw new SyntaxError('too many copies in a pattern');
    return { is: 'repeat', of, ...repeat };
  };
  const node = choice();
  if (at !== tokens.length) throw new SyntaxError('a closing bracket without an opening one in a pattern');
  return node;
}

/** Membership in a class of characters; ASCII is looked up, as most values are ASCII. */
function setOf(source: string): (char: string) => boolean {
  const one = new RegExp(`^(?:${source})$`, 'u');
  const ascii = Array.from({ length: 128 }, (_, code) => one.test(String.fromCharCode(code)));
  return (char) => ascii[char.charCodeAt(0)] ?? one.test(char);
}
