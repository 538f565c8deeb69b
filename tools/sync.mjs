/**
 * npm run sync: keeps what can be derived from imports in step with them (tools/workspace/derived.mjs). `--check` only
 * reports.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { outOfStep } from './workspace/derived.mjs';
import { readProjects } from './workspace/projects.mjs';

const check = process.argv.includes('--check');
const root = join(import.meta.dirname, '..');
const stale = outOfStep(root, readProjects(root));
if (!check) for (const [file, text] of stale) writeFileSync(join(root, file), text);
if (stale.size > 0) console.log(`${check ? 'out of step with the imports (npm run sync)' : 'brought into step'}:\n  ${[...stale.keys()].join('\n  ')}`);
if (check && stale.size > 0) process.exitCode = 1;
