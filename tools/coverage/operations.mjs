/** npm run coverage:operations: every name of the user pools API, and whether Rollcall offers it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../..');
const edge = join(root, 'libs/edge/cognito-user-pools');
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', join(edge, 'tsconfig.json')], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const { userPoolsService: { facts, rows } } = await import(pathToFileURL(join(edge, 'dist/index.js')).href);
const names = Object.keys(facts.operations).sort();
const width = Math.max(...names.map((name) => name.length));
for (const name of names) console.log(`${name.padEnd(width)}  ${Object.hasOwn(rows, name) ? rows[name].mode : '-'}`);
console.log(`\n${names.filter((name) => Object.hasOwn(rows, name)).length} of ${names.length} operations are offered (API of ${facts.readFrom}).`);
