import { factsText } from './facts-text.mjs';
import { operationsText, shapesText } from './types-text.mjs';

/** What is generated from a model of the form that models/README.md describes. @throws {Error} where it breaks that form */
export function filesOf(model) {
  demandForm(model);
  return new Map([
    ['facts.ts', factsText(model)],
    ['operations.ts', operationsText(model)],
    ['shapes.ts', shapesText(model)],
  ]);
}

const TYPES = new Set(['string', 'structure', 'integer', 'long', 'boolean', 'map', 'list', 'blob', 'timestamp', 'double', 'float']);

function demandForm({ service, targetPrefix, operations, shapes }) {
  const problems = [];
  const demand = (holds, problem) => { if (!holds) problems.push(problem); };
  const known = (name) => name === null || Object.hasOwn(shapes, name);
  demand(/^[\w.-]+$/.test(service) && /^\w+$/.test(targetPrefix), 'service or targetPrefix');
  for (const [name, { signed, input, output, errors }] of Object.entries(operations)) {
    demand(/^\w+$/.test(name) && typeof signed === 'boolean' && known(input) && known(output), `operation ${name}`);
    for (const error of errors) demand(known(error), `error ${error} of ${name}`);
  }
  for (const [name, shape] of Object.entries(shapes)) {
    demand(/^\w+$/.test(name) && TYPES.has(shape.type), `shape ${name} of type ${shape.type}`);
    for (const used of [...Object.values(shape.members ?? {}), shape.of, shape.from, shape.to]) demand(used === undefined || known(used), `${used} in ${name}`);
    for (const member of Object.keys(shape.members ?? {})) demand(/^[A-Za-z]\w*$/.test(member), `member ${member} of ${name}`);
    for (const member of shape.required ?? []) demand(Object.hasOwn(shape.members, member), `required ${member} of ${name}`);
  }
  if (problems.length > 0) throw new Error(`the API model breaks its form:\n  ${problems.join('\n  ')}`);
}
