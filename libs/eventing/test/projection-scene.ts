import { defineEvent, typeOf, type EventOf } from '@rollcall/kernel';

import {
  definitionsOf, NO_STREAM, readModel, runProjections, type NewEvent, type Projection, type ProjectionNeeds, type ProjectionRunner, type ReadModel, type Subject,
} from '../src/index.js';
import { memoryStore, memoryTable, recordingLog, virtualTime, type MemoryRows } from '../src/testing/index.js';
import { by, counted } from './events.js';

export const joined = defineEvent('test.member.joined', { data: typeOf<{ at: number }>(), personal: typeOf<{ name: string }>() });
export const renamed = defineEvent('test.member.renamed', { data: typeOf<{ at: number }>(), personal: typeOf<{ name: string }>() });
export const left = defineEvent('test.member.left', { data: typeOf<{ at: number }>() });
const definitions = { joined, renamed, left };
type MemberEvent = EventOf<typeof definitions>;

interface Member {
  readonly name: string | null;
  readonly shape: number;
}
interface Members {
  put(sub: string, name: string | null): void;
  remove(sub: string): void;
}

/** Who is a member, by sub. */
const members = (version: number): Projection<MemberEvent, Members> => ({
  name: 'test_members',
  version,
  kind: 'per-stream',
  prefixes: ['test.member-'],
  definitions: definitionsOf(definitions),
  on: {
    'test.member.joined': ({ subject, personal }, rows) => rows.put(subject?.sub ?? '', personal?.name ?? null),
    'test.member.renamed': ({ subject, personal }, rows) => rows.put(subject?.sub ?? '', personal?.name ?? null),
    'test.member.left': ({ subject }, rows) => rows.remove(subject?.sub ?? ''),
  },
});

export const subjectOf = (sub: string): Subject => ({ poolId: 'us-east-1_abc', sub });
const streamOf = (sub: string) => `test.member-us-east-1_abc.${sub}`;

export function scene() {
  const time = virtualTime();
  const store = memoryStore({ now: () => time.now() });
  const log = recordingLog();
  const runners: ProjectionRunner[] = [];

  const model = (version: number): ReadModel => readModel(members(version), memoryTable<Member, Members>(store, (rows) => ({
    put: (sub, name) => rows.put(sub, { name, shape: version }),
    remove: (sub) => rows.delete(sub),
  })));
  const happen = async (sub: string, event: MemberEvent) => {
    const { revision } = await store.read(streamOf(sub));
    const stored: NewEvent = { ...counted(0), type: event.type, version: event.version, data: event.data, subject: subjectOf(sub) };
    await store.append(streamOf(sub), revision, [event.personal ? { ...stored, personal: event.personal } : stored], by);
  };
  return {
    time, store, log, model, happen,
    join: (...subs: readonly string[]) => subs.reduce((before, sub) => before.then(() => happen(sub, joined({ at: 1 }, { name: sub.toUpperCase() }))), Promise.resolve()),
    elsewhere: () => store.append(`other.${time.now()}`, NO_STREAM, [counted(1)], by),
    async run(versions: readonly number[], options: Partial<ProjectionNeeds> = {}) {
      const runner = await runProjections({ store, checkpoints: store, transactions: store, versions: store, log, time, ...options }, versions.map(model));
      runners.push(runner);
      return runner;
    },
    names: (tableName: string) => store.snapshot(async (tx) => (store.rows(tx, tableName) as MemoryRows<Member>).entries().map(([, { name }]) => name)),
    /** Fails after a minute of the scene's time. */
    async until(done: () => boolean | Promise<boolean>) {
      const end = time.now() + 60_000;
      while (!(await done())) {
        if (time.now() > end) throw new Error('it never came to that');
        await time.pause(1).over;
      }
    },
    stopAll: () => Promise.all(runners.map((runner) => runner.stop())),
  };
}
