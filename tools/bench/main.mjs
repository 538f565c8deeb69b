/**
 * npm run bench: from the start of node to the first answer of Rollcall, with an empty data directory and with one that
 * is there already, beside what this machine needs in the same run for a bare node and a bare PostgreSQL; and whether the
 * time of an answer tells a user's name from nobody's. It prints and judges nothing: times depend on the machine and on
 * what else runs on it.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { printEnumeration } from './enumeration.mjs';
import { freePort, isReady, rollcall } from './rollcall.mjs';

const ROUNDS = 3;
const PATIENCE_SECONDS = 60;

const seconds = (from) => (performance.now() - from) / 1000;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** @returns {Promise<{ answer: number, stop: number }>} seconds from start to readiness, and from SIGTERM to the end */
async function startAndStop(dataDir) {
  const port = await freePort();
  const began = performance.now();
  const child = rollcall(dataDir, port);
  const ended = once(child, 'exit');
  while (!await isReady(port)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Rollcall ended with ${child.exitCode ?? child.signalCode} before it was ready`);
    if (seconds(began) > PATIENCE_SECONDS) {
      child.kill('SIGKILL');
      throw new Error(`Rollcall was not ready after ${PATIENCE_SECONDS} s`);
    }
    await sleep(2);
  }
  const answer = seconds(began);
  const asked = performance.now();
  child.kill('SIGTERM');
  await ended;
  return { answer, stop: seconds(asked) };
}

function bareNode() {
  const began = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return seconds(began);
}

/** The same launcher with nothing round it. @returns {Promise<number>} seconds until the server is ready */
async function barePostgres(dataDir) {
  const { startEmbedded } = await import('../../libs/platform/postgres/dist/index.js');
  const began = performance.now();
  const server = await startEmbedded({ dataDir });
  const ready = seconds(began);
  await server.stop();
  return ready;
}

/** Runs each measurement in a folder of its own, cold and then warm. */
async function coldAndWarm(measure) {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  try {
    return [await measure(dataDir), await measure(dataDir)];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await coldAndWarm(startAndStop); // compiles, and fills the cache of compiled code: a warm machine is what is measured
const rows = { cold: [], warm: [], stop: [], node: [], 'postgres cold': [], 'postgres warm': [] };
for (let round = 0; round < ROUNDS; round++) {
  const [cold, warm] = await coldAndWarm(startAndStop);
  const [bareCold, bareWarm] = await coldAndWarm(barePostgres);
  rows.cold.push(cold.answer);
  rows.warm.push(warm.answer);
  rows.stop.push(warm.stop);
  rows.node.push(bareNode());
  rows['postgres cold'].push(bareCold);
  rows['postgres warm'].push(bareWarm);
}

const print = (what, values, goal = '') => console.log(`  ${what.padEnd(44)} ${median(values).toFixed(2)} s   (${values.map((value) => value.toFixed(2)).join(' ')})${goal}`);
console.log(`Node ${process.versions.node}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}; medians of ${ROUNDS} rounds\n`);
console.log('Start of node to the first GET /health/ready that answers 200');
print('cold: empty data directory, initdb included', rows.cold, '   goal 3 s');
print('warm', rows.warm, '   goal 1.5 s');
print('SIGTERM to the end', rows.stop);
console.log('\nWhat the machine itself needs, in the same rounds');
print('a bare node', rows.node);
print('the embedded PostgreSQL alone, initdb included', rows['postgres cold']);
print('the embedded PostgreSQL alone, warm', rows['postgres warm']);

await printEnumeration();
