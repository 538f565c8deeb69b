import { serialization } from './aws-exception.js';
import { shapeOf, type ServiceFacts, type ShapeFacts } from './facts.js';

/**
 * A JSON value as its shape describes it. Unknown members are ignored, as AWS does; a member that is `null` is absent.
 * Maps have no prototype, so that a key such as `constructor` finds nothing that was not sent.
 *
 * @returns the value with known members only; blobs as bytes, timestamps as epoch seconds
 * @throws {AwsException} `SerializationException` at the first value of another type
 */
export function deserialize(facts: ServiceFacts, name: string, value: unknown): unknown {
  const shape = shapeOf(facts, name);
  switch (shape.type) {
    case 'structure': return structure(facts, shape, value);
    case 'list': {
      if (!Array.isArray(value)) throw mismatch(value, 'a list');
      return value.map((item) => (item === null ? undefined : deserialize(facts, shape.of as string, item)));
    }
    case 'map': {
      const map = Object.create(null) as Record<string, unknown>;
      for (const [key, item] of Object.entries(objectOf(value))) if (item !== null) map[key] = deserialize(facts, shape.to as string, item);
      return map;
    }
    case 'string': return typeof value === 'string' ? value : fail(value, 'String');
    case 'boolean': return typeof value === 'boolean' ? value : fail(value, 'Boolean');
    case 'integer': return isWhole(value, 2 ** 31 - 1) ? value : fail(value, 'Integer');
    case 'long': return isWhole(value, Number.MAX_SAFE_INTEGER) ? value : fail(value, 'Long');
    case 'blob': return bytesOf(value);
    default: return typeof value === 'number' ? value : fail(value, shape.type === 'timestamp' ? 'Date' : 'Double');
  }
}

function structure(facts: ServiceFacts, { members = {} }: ShapeFacts, value: unknown): unknown {
  const given = objectOf(value);
  const names = Object.entries(members);
  if (names.length === 0) return given;
  const known: Record<string, unknown> = {};
  for (const [member, target] of names) {
    const item = Object.hasOwn(given, member) ? given[member] : undefined;
    if (item !== undefined && item !== null) known[member] = deserialize(facts, target, item);
  }
  return known;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw mismatch(value, 'a structure or map');
  return value as Readonly<Record<string, unknown>>;
}

const isWhole = (value: unknown, most: number): boolean => Number.isInteger(value) && Math.abs(value as number) <= most;

function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) return fail(value, 'Blob');
  return Buffer.from(value, 'base64');
}

/** AWS's word for what stands in the JSON. */
function tokenOf(value: unknown): string {
  if (typeof value === 'string') return 'STRING_VALUE';
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
}

function mismatch(value: unknown, wanted: string): Error {
  if (Array.isArray(value)) return serialization('Start of list found where not expected');
  if (value !== null && typeof value === 'object') return serialization('Start of structure or map found where not expected.');
  return serialization(`${tokenOf(value)} cannot be converted to ${wanted}`);
}

function fail(value: unknown, wanted: string): never {
  throw mismatch(value, wanted);
}
