import { shapeOf, type ServiceFacts } from './facts.js';

/**
 * The JSON text of an answer, with the members that the model names and no others, so that no more leaves than was meant
 * to. An operation without an output shape answers `{}`: some clients parse every body.
 */
export function serialize(facts: ServiceFacts, name: string | null, value: unknown): string {
  if (name === null || Object.keys(shapeOf(facts, name).members ?? {}).length === 0) return '{}';
  return JSON.stringify(shaped(facts, name, value) ?? {});
}

function shaped(facts: ServiceFacts, name: string, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  const shape = shapeOf(facts, name);
  switch (shape.type) {
    case 'list': return (value as readonly unknown[]).map((item) => shaped(facts, shape.of as string, item));
    case 'map': return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shaped(facts, shape.to as string, item)]));
    case 'blob': return Buffer.from(value as Uint8Array).toString('base64');
    case 'structure': {
      const members = Object.entries(shape.members ?? {});
      if (members.length === 0) return value; // a document: any JSON
      const given = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(members.map(([member, target]) => [member, shaped(facts, target, given[member])]));
    }
    default: return value;
  }
}
