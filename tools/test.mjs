/**
 * npm run check, npm test, npm run test:long: `node tools/test.mjs check|all|long`. Which specs run is told by suffix:
 * *.int.spec, *.e2e.spec, *.long.spec, and all others are unit tests. Ends with one line `N passed, N failed, N skipped`.
 * `total <status>` ends a series of runs with the line of all of them; it needs no packages, and Node 20 is enough.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { filesBelow } from './workspace/projects.mjs';
import { closingLine, jestTally, stepTally, sum } from './workspace/test-results.mjs';

const root = join(import.meta.dirname, '..');
const results = join(root, '.test-results');
// npm's own Node 24 comes first even where this script was started by an older one.
const env = { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) };
const jest = ['node', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '-c', 'jest.config.mjs', '--ci'];

/** One at a time where a test starts servers of its own: two would share the cores that their deadlines count on. */
const kinds = {
  unit: { workers: 2, testSeconds: 20, minutes: 5 },
  int: { workers: 2, testSeconds: 60, minutes: 15 },
  e2e: { workers: 1, testSeconds: 120, minutes: 20 },
  long: { workers: 1, testSeconds: 1_800, minutes: 60 },
};
const kindOf = (file) => /\.(int|e2e|long)\.spec\.\w+$/.exec(file)?.[1] ?? 'unit';

const steps = {
  types: ['tsc', '-b'],
  sync: ['node', 'tools/sync.mjs', '--check'],
  arch: ['node', 'tools/arch/main.mjs'],
  generated: ['node', 'tools/codegen/main.mjs', '--check'],
  lint: ['oxlint', '--type-aware'],
  'abuse cases': ['node', 'tools/coverage/abuse.mjs'],
};

/** @returns {Promise<boolean>} whether it ended well, and in time */
function run([command, ...args], minutes = 10) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], timeout: minutes * 60_000 });
    child.on('error', (error) => { console.error(error.message); resolve(false); });
    child.on('exit', (code, signal) => {
      if (signal) console.error(`${command} was ended by ${signal}`);
      resolve(code === 0);
    });
  });
}

const timed = async (name, work) => {
  const began = performance.now();
  const tally = await work();
  console.log(`${tally.failed === 0 ? 'ok  ' : 'FAIL'} ${name}  ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return tally;
};

const step = (name) => timed(name, async () => stepTally(name, await run(steps[name])));

const specs = (kind) => timed(`${kind} tests`, async () => {
  const files = ['apps', 'libs', 'tools'].flatMap((folder) => filesBelow(root, folder)).filter((file) => /\/test\/.*\.spec\.(ts|mjs)$/.test(file) && kindOf(file) === kind);
  if (files.length === 0) {
    console.log(`there is no ${kind} test`);
    return sum([]);
  }
  const { workers, testSeconds, minutes } = kinds[kind];
  const output = join(results, `${kind}.jest.json`);
  rmSync(output, { force: true });
  const which = kind === 'unit' ? ['--testPathIgnorePatterns', String.raw`/node_modules/|\.(int|e2e|long)\.spec\.`] : ['--testPathPatterns', String.raw`\.${kind}\.spec\.`];
  const ended = await run([...jest, ...which, `--maxWorkers=${workers}`, `--testTimeout=${testSeconds * 1000}`, '--json', `--outputFile=${output}`], minutes);
  const report = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : undefined;
  const tally = jestTally(kind, report, files.length);
  return ended || tally.failed > 0 ? tally : sum([tally, stepTally(`${kind}: jest failed`, false)]);
});

const runs = {
  check: async () => [await step('types'), await step('sync'), await step('arch'), await step('generated'), await step('lint'), await specs('unit')],
  all: async () => [...await runs.check(), await specs('int'), await specs('e2e'), await step('abuse cases')],
  long: async () => [await step('types'), await specs('long')],
};

function conclude(tally) {
  if (tally.skips.length > 0) console.log(`\nskipped:\n  ${tally.skips.join('\n  ')}`);
  if (tally.faults.length > 0) console.log(`\nfailed:\n  ${tally.faults.join('\n  ')}`);
  console.log(`\n${closingLine(tally)}`);
  if (tally.failed > 0) process.exitCode = 1;
}

/** All runs since the results were cleared; a status other than 0 that no run explains is a failure of its own. */
function total(status) {
  const tallies = existsSync(results) ? readdirSync(results).filter((file) => file.endsWith('.tally.json')).map((file) => JSON.parse(readFileSync(join(results, file), 'utf8'))) : [];
  const all = sum(tallies);
  return status === '0' || all.failed > 0 ? all : sum([all, stepTally('something besides the tests', false)]);
}

const mode = process.argv[2];
if (mode === 'total') conclude(total(process.argv[3]));
else if (mode in runs) {
  mkdirSync(results, { recursive: true });
  const tally = sum(await runs[mode]());
  writeFileSync(join(results, `${mode}.tally.json`), JSON.stringify(tally));
  conclude(tally);
} else {
  console.error('usage: node tools/test.mjs check|all|long');
  process.exitCode = 2;
}
