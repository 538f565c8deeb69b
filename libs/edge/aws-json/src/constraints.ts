import { AwsException } from './aws-exception.js';
import { shapeOf, type ServiceFacts, type ShapeFacts } from './facts.js';
import { javaPattern } from './java-pattern.js';

/** No more violations than this are looked for, so that the answer to a hostile body stays small. */
const MAX_VIOLATIONS = 20;
/** Longest part of a value that is shown, in code points. */
const MAX_SHOWN = 256;
/** Patterns of strings without a maximum run on no longer values: AWS's own maximum for plain strings. */
const LONGEST_MATCHED = 131_072;
/** Ours: half a surrogate pair is no character. Written as UTF-8, on its way to a service, it would turn into another text. */
const UNICODE_RULE = 'Member must be well-formed Unicode';

/**
 * Demands of an input what the model demands of its shape, in AWS's words:
 * `1 validation error detected: Value 'x' at 'userPoolId' failed to satisfy constraint: Member must ...`.
 * Values of sensitive members are not shown (`Value at 'password' failed ...`). Lengths count Unicode code points.
 *
 * @param type exception to throw; AWS's services differ in it
 * @throws {AwsException} with all violations, at most 20
 */
export function demandConstraints(facts: ServiceFacts, name: string, input: unknown, type: string): void {
  const found: string[] = [];
  checkMembers({ facts, found, hidden: false }, shapeOf(facts, name), input as Fields, '');
  if (found.length === 0) return;
  throw new AwsException(type, `${found.length} validation error${found.length === 1 ? '' : 's'} detected: ${found.join('; ')}`);
}

type Fields = Readonly<Record<string, unknown>>;
interface Check {
  readonly facts: ServiceFacts;
  readonly found: string[];
  /** Inside of something sensitive: nothing is shown. */
  readonly hidden: boolean;
}

function checkMembers(check: Check, { members = {}, required = [] }: ShapeFacts, value: Fields, path: string): void {
  for (const [member, target] of Object.entries(members)) {
    const at = `${path}${lowerFirst(member)}`;
    const item = value[member];
    if (item !== undefined) checkValue(check, target, item, at);
    else if (required.includes(member)) report(check, shapeOf(check.facts, target), undefined, at, ['Member must not be null']);
  }
}

function checkValue(check: Check, name: string, value: unknown, at: string): void {
  if (check.found.length >= MAX_VIOLATIONS) return;
  const shape = shapeOf(check.facts, name);
  switch (shape.type) {
    case 'structure': return checkMembers(shape.sensitive ? { ...check, hidden: true } : check, shape, value as Fields, `${at}.`);
    case 'list': return checkList(check, shape, value as readonly unknown[], at);
    case 'map': return checkMap(check, shape, value as Fields, at);
    case 'blob': return report(check, shape, undefined, at, violations(shape, value), true);
    default: return report(check, shape, value as string | number | boolean, at, violations(shape, value));
  }
}

/** Simple items are judged as a whole, as AWS does; structures item by item, counted from 1. */
function checkList(check: Check, shape: ShapeFacts, items: readonly unknown[], at: string): void {
  const item = shapeOf(check.facts, shape.of as string);
  const shown = isSimple(item) && !item.sensitive ? `[${items.join(', ')}]` : undefined;
  report(check, shape, shown, at, lengthViolations(shape, items.length), shown === undefined);
  if (isSimple(item)) {
    const broken = items.includes(undefined) ? rules(item) : rulesBroken(item, items);
    if (broken) report(check, shape, shown, at, [`Member must satisfy constraint: [${broken.join(', ')}]`], shown === undefined);
    return;
  }
  for (const [index, value] of items.entries()) {
    if (check.found.length >= MAX_VIOLATIONS) return;
    const place = `${at}.${index + 1}.member`;
    if (value === undefined) report(check, item, undefined, place, ['Member must not be null']);
    else checkValue(check, shape.of as string, value, place);
  }
}

function checkMap(check: Check, shape: ShapeFacts, map: Fields, at: string): void {
  const key = shapeOf(check.facts, shape.from as string);
  const item = shapeOf(check.facts, shape.to as string);
  const entries = Object.entries(map);
  report(check, shape, undefined, at, lengthViolations(shape, entries.length), true);
  const byKeys = rulesBroken(key, entries.map(([name]) => name));
  if (byKeys) report(check, shape, undefined, at, [`Map keys must satisfy constraint: [${byKeys.join(', ')}]`], true);
  if (isSimple(item)) {
    const byValues = rulesBroken(item, entries.map(([, value]) => value));
    if (byValues) report(check, shape, undefined, at, [`Map value must satisfy constraint: [${byValues.join(', ')}]`], true);
    return;
  }
  for (const [name, value] of entries) checkValue(check, shape.to as string, value, `${at}.${cut(name)}.member`);
}

/** What a simple value breaks. A value that is too long is not matched: matching costs time for each character. */
function violations(shape: ShapeFacts, value: unknown): string[] {
  if (typeof value === 'number') return numberViolations(shape, value);
  if (value instanceof Uint8Array) return lengthViolations(shape, value.length);
  if (typeof value !== 'string') return [];
  const length = lengthOf(value);
  const broken = lengthViolations(shape, length);
  if (shape.enum && !shape.enum.includes(value)) broken.push(enumRule(shape.enum));
  if (shape.pattern !== undefined && length <= (shape.max ?? LONGEST_MATCHED) && !matches(shape.pattern, value)) broken.push(patternRule(shape.pattern));
  if (shape.pattern !== undefined && shape.max === undefined && length > LONGEST_MATCHED) broken.push(`Member must have length less than or equal to ${LONGEST_MATCHED}`);
  if (broken.length === 0 && /\p{Surrogate}/u.test(value)) broken.push(UNICODE_RULE);
  return broken;
}

const lengthViolations = ({ min, max }: ShapeFacts, length: number): string[] => [
  ...(max !== undefined && length > max ? [`Member must have length less than or equal to ${max}`] : []),
  ...(min !== undefined && length < min ? [`Member must have length greater than or equal to ${min}`] : []),
];
const numberViolations = ({ min, max }: ShapeFacts, value: number): string[] => [
  ...(max !== undefined && value > max ? [`Member must have value less than or equal to ${max}`] : []),
  ...(min !== undefined && value < min ? [`Member must have value greater than or equal to ${min}`] : []),
];
const enumRule = (values: readonly string[]): string => `Member must satisfy enum value set: [${values.join(', ')}]`;
const patternRule = (pattern: string): string => `Member must satisfy regular expression pattern: ${pattern}`;

/** The rules to be named for simple items of which some break one: all of the model's, or the one that is ours alone. */
function rulesBroken(shape: ShapeFacts, items: readonly unknown[]): string[] | undefined {
  const broken = items.flatMap((item) => violations(shape, item));
  if (broken.length === 0) return undefined;
  return broken.every((rule) => rule === UNICODE_RULE) ? [UNICODE_RULE] : rules(shape);
}

/** All rules of a simple shape: AWS lists them all when an item of a list or map breaks one. */
function rules(shape: ShapeFacts): string[] {
  const what = shape.type === 'string' || shape.type === 'blob' ? 'length' : 'value';
  return [
    ...(shape.max === undefined ? [] : [`Member must have ${what} less than or equal to ${shape.max}`]),
    ...(shape.min === undefined ? [] : [`Member must have ${what} greater than or equal to ${shape.min}`]),
    ...(shape.enum ? [enumRule(shape.enum)] : []),
    ...(shape.pattern === undefined ? [] : [patternRule(shape.pattern)]),
  ];
}

function report(check: Check, shape: ShapeFacts, value: string | number | boolean | undefined, at: string, broken: readonly string[], hidden = false): void {
  const { found } = check;
  const shown = shape.sensitive || hidden || check.hidden ? 'Value' : value === undefined ? 'Value null' : `Value '${cut(String(value))}'`;
  for (const rule of broken) if (found.length < MAX_VIOLATIONS) found.push(`${shown} at '${at}' failed to satisfy constraint: ${rule}`);
}

const isSimple = ({ type }: ShapeFacts): boolean => type !== 'structure' && type !== 'list' && type !== 'map';
const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function lengthOf(value: string): number {
  let length = value.length;
  for (let at = 0; at < value.length - 1; at++) {
    if ((value.charCodeAt(at) & 0xfc00) !== 0xd800 || (value.charCodeAt(at + 1) & 0xfc00) !== 0xdc00) continue;
    length--;
    at++;
  }
  return length;
}

function cut(value: string): string {
  if (value.length <= MAX_SHOWN) return value;
  return `${Array.from(value.slice(0, 2 * MAX_SHOWN)).slice(0, MAX_SHOWN).join('')}...`;
}

const compiled = new Map<string, (value: string) => boolean>();

/** Patterns are compiled when first needed: most calls need a handful of the model's. */
function matches(pattern: string, value: string): boolean {
  let test = compiled.get(pattern);
  if (!test) compiled.set(pattern, (test = javaPattern(pattern)));
  return test(value);
}
