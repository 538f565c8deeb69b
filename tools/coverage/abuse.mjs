/** npm run coverage:abuse: which abuse cases have tests that name them. Fails while a promised one has none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { filesBelow } from '../workspace/projects.mjs';
import { abuseTestsIn } from './abuse-tests.mjs';

const root = join(import.meta.dirname, '../..');
const { promised, cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'abuse-cases.json'), 'utf8'));
const tests = ['apps', 'libs'].flatMap((folder) => filesBelow(root, folder))
  .filter((file) => /\/test\/.*\.spec\.ts$/.test(file))
  .flatMap((file) => abuseTestsIn(readFileSync(join(root, file), 'utf8')).map((test) => ({ ...test, file })));

const counted = new Map(Object.keys(cases).map((id) => [id, tests.filter((test) => test.id === id)]));
for (const [id, named] of counted) {
  if (named.length === 0) continue;
  console.log(`${id.padEnd(4)} ${String(named.length).padStart(3)}  ${cases[id]}`);
  for (const file of new Set(named.map((test) => test.file))) console.log(`          ${file}`);
}
const missing = promised.filter((id) => counted.get(id).length === 0);
const unknown = tests.filter(({ id }) => !(id in cases));
for (const id of missing) console.log(`${id.padEnd(4)}   0  ${cases[id]}: promised, and no test names it`);
for (const { id, file } of unknown) console.log(`${id.padEnd(4)}      is no abuse case: ${file}`);
console.log(`${[...counted.values()].filter((named) => named.length > 0).length} of ${counted.size} abuse cases have tests, ${promised.length - missing.length} of the ${promised.length} promised ones`);
if (missing.length + unknown.length > 0) process.exitCode = 1;
