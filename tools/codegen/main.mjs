/**
 * npm run generate: runs every step of tools/codegen/steps in the order of its name. `--check` writes nothing and fails
 * if what is committed is not what would be written. A step exports `run({ check })` and answers with the files that
 * were, or would be, changed; keep-file.mjs does that for one file.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const check = process.argv.includes('--check');
const steps = join(import.meta.dirname, 'steps');
const changed = [];
for (const name of readdirSync(steps).filter((file) => file.endsWith('.mjs')).sort()) {
  const { run } = await import(pathToFileURL(join(steps, name)).href);
  changed.push(...await run({ check }));
}
for (const file of changed) console.log(`${check ? 'not as generated (npm run generate)' : 'written'}: ${file}`);
if (check && changed.length > 0) process.exitCode = 1;
