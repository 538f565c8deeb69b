import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_STREAM, StoreUnavailable, WrongRevision } from '@rollcall/eventing';
import { by, fresh } from '@rollcall/eventing/testing';
import { connect, startEmbedded } from '@rollcall/platform-postgres';
import { startChild } from '@rollcall/platform-postgres/testing';

import { postgresServiceStore, prepareSchema } from '../src/index.js';
import { postgresUnderTest, provider, type PostgresUnderTest } from './postgres-under-test.js';

const EVENTS = 200;
const ROUNDS = 3;

let test: PostgresUnderTest;
beforeAll(async () => { test = await postgresUnderTest(); }, 60_000);
afterAll(() => test.close());

describe('a reader that is killed', () => {
  it('is followed by one that goes on exactly where its last transaction ended', async () => {
    const prefix = 'killed.';
    const streams = [0, 1, 2, 3].map((n) => `${prefix}${n}`);
    const write = async () => {
      for (const stream of streams) await test.events.append(stream, NO_STREAM, [fresh()], by);
      for (let revision = 0; revision < EVENTS / streams.length - 1; revision++) {
        await Promise.all(streams.map((stream) => test.events.append(stream, revision, [fresh()], by)));
      }
    };
    const start = () => startChild(new URL('./children/reader.ts', import.meta.url), [JSON.stringify(test.database.connection), 'contract', prefix]);

    const writing = write();
    for (let round = 0; round < ROUNDS; round++) {
      const child = start();
      await child.line('handled');
      await child.kill();
    }
    await writing;
    const last = start();
    while ((await test.journal.entries(prefix)).length < EVENTS) await new Promise((resolve) => { setTimeout(resolve, 20); });
    await last.kill();

    const noted = await test.journal.entries(prefix);
    for (const stream of streams) {
      expect(noted.filter((entry) => entry.startsWith(`${stream}@`))).toEqual(Array.from({ length: EVENTS / streams.length }, (_, revision) => `${stream}@${revision}`));
    }
    expect(noted).toHaveLength(EVENTS);
  }, 60_000);
});

describe('PostgreSQL that is killed under load', () => {
  it('has every acknowledged append once, and the appenders go on by themselves', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-killed-'));
    const server = await startEmbedded({ dataDir });
    const db = connect(server.connection);
    await prepareSchema(db, 'killed');
    const { events } = postgresServiceStore({ db, service: 'killed', provider, shared: false });
    const acknowledged = new Map<string, string[]>();
    let appended = 0;
    let kills = 0;

    async function write(stream: string): Promise<void> {
      const ids: string[] = [];
      acknowledged.set(stream, ids);
      while (kills < ROUNDS || ids.length < 20) {
        const event = fresh();
        const expected = ids.length - 1;
        for (let done = false; !done;) {
          done = await events.append(stream, expected, [event], by).then(() => true, (error: unknown) => {
            if (error instanceof WrongRevision || !(error instanceof StoreUnavailable)) throw error; // nobody else writes here
            return false;
          });
        }
        ids.push(event.id);
        appended += 1;
        if (appended % 150 === 0 && kills < ROUNDS) {
          kills += 1;
          process.kill(server.pid, 'SIGKILL');
        }
      }
    }
    await Promise.all(Array.from({ length: 8 }, (_, n) => write(`killed.${n}`)));

    for (const [stream, ids] of acknowledged) expect((await events.read(stream)).events.map(({ id }) => id)).toEqual(ids);
    expect(kills).toBe(ROUNDS);
    await db.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }, 120_000);
});
