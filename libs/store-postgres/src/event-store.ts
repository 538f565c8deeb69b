import { NO_STREAM, StoreUnavailable, type EventStore, type Position, type ReadOptions, type Revision } from '@rollcall/eventing';
import { DatabaseUnavailable, type Database } from '@rollcall/platform-postgres';

import { appender, lastMacs } from './append.js';
import type { PersonKeys } from './person-keys.js';
import { comparePositions, placeOf, positionOf, type Place } from './position.js';
import { eventColumns, eventOpener, verifyLinks, type EventRow, type MacKeys } from './stored-event.js';
import type { WakeUp } from './wake-up.js';

/** Most streams have fewer events than this; longer ones are read in larger pages after it. */
const FIRST_PAGE = 30;
const NEXT_PAGES = 300;

export interface EventStoreNeeds {
  readonly db: Database;
  readonly service: string;
  readonly macKeys: MacKeys;
  readonly people: PersonKeys;
  readonly wakeUp: WakeUp;
}

/** An event that is not wanted comes as its place alone: the reader's position moves over it. */
type LogRow = EventRow | (Place & { readonly stream: null });

/** One service's log in its schema. */
export function postgresEventStore({ db, service, macKeys, people, wakeUp }: EventStoreNeeds): EventStore {
  const macs = lastMacs();
  const append = appender({ db, service, macKeys, people, macs });
  const open = eventOpener(macKeys, people);
  const selectStream = `select ${eventColumns} from ${service}.event e where e.stream = $1 and e.revision >= $2 order by e.revision limit $3`;
  const selectRevision = `select revision from ${service}.stream where stream = $1`;
  const selectHead = `select txid, seq from ${service}.event order by txid desc, seq desc limit 1`;
  const selectAll = `select * from ${service}.read_log($1, $2, $3, $4)`;

  async function readPages(stream: string, from: Revision, max: number): Promise<readonly EventRow[]> {
    const all: EventRow[] = [];
    for (let page = FIRST_PAGE; all.length < max; page = NEXT_PAGES) {
      const limit = Math.min(page, max - all.length);
      const { rows } = await db.repeatable<EventRow>(selectStream, [stream, from + all.length, limit]);
      verifyLinks(rows, from + all.length, all.at(-1));
      all.push(...rows);
      if (rows.length < limit) break;
    }
    return all;
  }

  return {
    append: async (stream, expected, events, options) => {
      const appended = await append(stream, expected, events, options);
      wakeUp.appended();
      return appended;
    },
    read: (stream, { from = 0, max = Infinity }: ReadOptions = {}) => reached(async () => {
      const rows = await readPages(stream, from, max);
      const last = rows.at(-1);
      if (last) macs.set(stream, last.revision, last.mac);
      const events = await open(rows);
      if (from === 0 && max === Infinity) return { events, revision: last?.revision ?? NO_STREAM };
      const { rows: [at] } = await db.repeatable<{ revision: number }>(selectRevision, [stream]);
      return { events, revision: at?.revision ?? NO_STREAM };
    }),
    readAll: ({ after, prefixes, limit }) => reached(async () => {
      const { txid, seq } = after === undefined ? { txid: 0, seq: 0 } : placeOf(after);
      const { rows } = await db.repeatable<LogRow>(selectAll, [txid, seq, limit, prefixes]);
      const last = rows.at(-1);
      const events = await open(rows.filter((row): row is EventRow => row.stream !== null));
      return { events, next: last ? positionOf(last) : after };
    }),
    head: () => reached(async (): Promise<Position | undefined> => {
      const { rows: [newest] } = await db.repeatable<Place>(selectHead);
      return newest && positionOf(newest);
    }),
    compare: comparePositions,
    onAppend: wakeUp.onAppend,
  };
}

/** A read that failed changed nothing. */
async function reached<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw new StoreUnavailable('nothing-happened', { cause: error });
    throw error;
  }
}
