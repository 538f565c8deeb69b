import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_STREAM } from '@rollcall/eventing';
import { by, fresh } from '@rollcall/eventing/testing';
import { startChild } from '@rollcall/platform-postgres/testing';

import { postgresUnderTest, type PostgresUnderTest } from './postgres-under-test.js';

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
