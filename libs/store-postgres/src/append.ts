import type { KeyObject } from 'node:crypto';

import {
  ClaimTaken, EventTooLarge, NO_STREAM, StoreUnavailable, WrongRevision,
  type AppendOptions, type NewEvent, type Position, type Revision,
} from '@rollcall/eventing';
import { DatabaseUnavailable, SqlError, type Database } from '@rollcall/platform-postgres';
import { LRUCache } from 'lru-cache';

import { macOf } from './mac.js';
import type { PersonKeys } from './person-keys.js';
import { positionOf } from './position.js';
import { sealEvent, type MacKeys, type SealedEvent } from './stored-event.js';

/** Of all events of one append together, which EventStoreDB accepts too. */
const MAX_BYTES = 1_048_576;
/** The key that new events are authenticated with. */
const MAC_KEY = 1;
const ATTEMPTS = 5;

interface Answer {
  readonly status: 'appended' | 'wrong-revision' | 'retry' | 'stale-link';
  readonly revision: number;
  readonly txid: number;
  readonly seq: number;
}

/** The last mac of streams read or written lately: what the next event links to. The database checks it. */
export interface LastMacs {
  get(stream: string, revision: Revision): Buffer | undefined;
  set(stream: string, revision: Revision, mac: Buffer): void;
}

export function lastMacs(): LastMacs {
  const known = new LRUCache<string, { readonly revision: Revision; readonly mac: Buffer }>({ max: 20_000 });
  return {
    get(stream, revision) {
      const last = known.get(stream);
      return last?.revision === revision ? last.mac : undefined;
    },
    set: (stream, revision, mac) => void known.set(stream, { revision, mac }),
  };
}

/** Appends by one call of the database's function: events and claims in its one transaction. */
export function appender(
  { db, service, macKeys, people, macs }: { readonly db: Database; readonly service: string; readonly macKeys: MacKeys; readonly people: PersonKeys; readonly macs: LastMacs },
) {
  const append = `select status, at_revision as revision, at_txid as txid, at_seq as seq
    from ${service}.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`;
  const lastMac = `select mac from ${service}.stream where stream = $1 and revision = $2`;

  async function linkOf(stream: string, expected: Revision): Promise<Buffer | null> {
    if (expected === NO_STREAM) return null;
    const known = macs.get(stream, expected);
    if (known) return known;
    const { rows: [last] } = await db.repeatable<{ mac: Buffer }>(lastMac, [stream, expected]);
    return last?.mac ?? null; // the stream is elsewhere: the call will say where
  }

  return async (stream: string, expected: Revision, events: readonly NewEvent[], { meta, claims }: AppendOptions): Promise<{ revision: Revision; position: Position }> => {
    if (events.length === 0) throw new RangeError('an append has at least one event');
    checkSize(events);
    const sealed = await Promise.all(events.map((event, n) => sealEvent(people, stream, expected + 1 + n, event)));
    const metaText = JSON.stringify(meta);
    const key = await macKeys(MAC_KEY);
    let uncertain = false;
    for (let attempt = 1; ; attempt++) {
      try {
        const previous = await linkOf(stream, expected);
        const chain = chainOf(key, stream, expected, sealed, metaText, previous);
        const { rows: [answer] } = await db.query<Answer>(append, [
          stream, expected, events.map(({ id }) => id), events.map(({ type }) => type), events.map(({ version }) => version),
          sealed.map(({ data }) => data), sealed.map(({ personal }) => personal),
          events.map(({ subject }) => subject?.poolId ?? null), events.map(({ subject }) => subject?.sub ?? null),
          metaText, MAC_KEY, previous, chain, claims?.take ? JSON.stringify(claims.take) : null, claims?.release ? JSON.stringify(claims.release) : null,
        ]);
        if (answer?.status === 'appended') {
          macs.set(stream, expected + events.length, chain.at(-1) as Buffer);
          return { revision: answer.revision, position: positionOf(answer) };
        }
        if (answer?.status === 'wrong-revision') throw new WrongRevision(stream, answer.revision);
        // This process remembers another event than the log has, or was overtaken: once more, with what is there now.
        const { rows: [last] } = await db.repeatable<{ mac: Buffer }>(lastMac, [stream, expected]);
        if (last) macs.set(stream, expected, last.mac);
        if (attempt >= ATTEMPTS) throw new StoreUnavailable('nothing-happened');
      } catch (error) {
        uncertain ||= error instanceof DatabaseUnavailable && error.outcome === 'unknown';
        if (attempt < ATTEMPTS && mayRepeat(error)) continue;
        if (error instanceof DatabaseUnavailable) throw new StoreUnavailable(uncertain ? 'unknown' : 'nothing-happened', { cause: error });
        if (error instanceof SqlError && error.code === 'RC001') throw new ClaimTaken(error.constraint ?? '');
        throw error;
      }
    }
  };
}

/** The same ids at the same revision may be sent again: if they were stored, the answer is the first one's. */
const mayRepeat = (error: unknown): boolean =>
  (error instanceof DatabaseUnavailable && error.outcome === 'unknown') || (error instanceof SqlError && (error.code === '40P01' || error.code === '40001'));

function checkSize(events: readonly NewEvent[]): void {
  let bytes = 0;
  for (const { data, personal } of events) {
    bytes += Buffer.byteLength(JSON.stringify(data) ?? 'null') + (personal === undefined ? 0 : Buffer.byteLength(JSON.stringify(personal)));
  }
  if (bytes > MAX_BYTES) throw new EventTooLarge(bytes);
}

function chainOf(key: KeyObject, stream: string, expected: Revision, sealed: readonly SealedEvent[], meta: string, previous: Buffer | null): readonly Buffer[] {
  const macs: Buffer[] = [];
  for (const [n, { event, data, personal }] of sealed.entries()) {
    const authenticated = {
      stream, revision: expected + 1 + n, id: event.id, type: event.type, version: event.version, data, meta, personal,
      pool: event.subject?.poolId ?? null, sub: event.subject?.sub ?? null,
    };
    macs.push(macOf(key, authenticated, macs.at(-1) ?? previous));
  }
  return macs;
}
