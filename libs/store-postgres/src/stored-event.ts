import type { KeyObject } from 'node:crypto';

import { TamperedEvent, type EventMetadata, type NewEvent, type Revision, type StoredEvent, type Subject } from '@rollcall/eventing';
import { epochMillis, type EventId } from '@rollcall/kernel';
import { constantTimeEqual, open, seal } from '@rollcall/platform-crypto';

import { macOf, type Authenticated } from './mac.js';
import type { PersonKeys } from './person-keys.js';
import { positionOf } from './position.js';

/** Columns of an event. `data` and `meta` are read as the texts that they are. */
export interface EventRow extends Authenticated {
  readonly txid: number;
  readonly seq: number;
  readonly recordedAt: number;
  readonly macKey: number;
  readonly previousMac: Buffer | null;
  readonly mac: Buffer;
}

export const eventColumns = `e.stream, e.revision, e.txid, e.seq, e.event_id as id, e.type, e.version, e.data::text as data, e.meta::text as meta,
  e.personal, e.subject_pool as pool, e.subject_sub as sub, e.recorded_at as "recordedAt", e.mac_key as "macKey", e.prev_mac as "previousMac", e.mac`;

/** Keys for macs are numbered, so that one can follow another. */
export type MacKeys = (number: number) => Promise<KeyObject>;

/** Binds a sealed part to its event: moved to another, it does not open. */
const place = ({ stream, revision, type }: Pick<EventRow, 'stream' | 'revision' | 'type'>) => `event/v1|${stream}|${revision}|${type}`;

/** Verifies rows and opens what they hold. @throws {TamperedEvent} */
export function eventOpener(macKeys: MacKeys, people: PersonKeys) {
  return async (rows: readonly EventRow[]): Promise<StoredEvent[]> => {
    const keyOf = await people.find(rows.flatMap((row) => (row.personal ? subjectOf(row) ?? [] : [])));
    const events: StoredEvent[] = [];
    for (const row of rows) {
      if (!constantTimeEqual(macOf(await macKeys(row.macKey), row, row.previousMac), row.mac)) throw new TamperedEvent(row.stream, row.revision);
      const subject = subjectOf(row);
      const key = row.personal && subject && keyOf(subject);
      events.push({
        stream: row.stream,
        revision: row.revision,
        id: row.id as EventId,
        type: row.type,
        version: row.version,
        data: JSON.parse(row.data) as unknown,
        ...(row.personal ? { personal: key ? (JSON.parse(open(key, row.personal, place(row)).toString('utf8')) as unknown) : null } : {}),
        ...(subject ? { subject } : {}),
        meta: JSON.parse(row.meta) as EventMetadata,
        recordedAt: epochMillis(row.recordedAt),
        position: positionOf(row),
      });
    }
    return events;
  };
}

const subjectOf = ({ pool, sub }: EventRow): Subject | undefined => (pool !== null && sub !== null ? { poolId: pool, sub } : undefined);

/** Checks that rows follow each other in their stream without a gap. @throws {TamperedEvent} */
export function verifyLinks(rows: readonly EventRow[], from: Revision, before: EventRow | undefined): void {
  let previous = before;
  let expected = from;
  for (const row of rows) {
    const linked = previous ? row.previousMac !== null && row.previousMac.equals(previous.mac) : row.revision > 0 || row.previousMac === null;
    if (row.revision !== expected || !linked) throw new TamperedEvent(row.stream, expected);
    previous = row;
    expected += 1;
  }
}

/** An event on its way in: its texts, and its personal part sealed. */
export interface SealedEvent {
  readonly event: NewEvent;
  readonly data: string;
  readonly personal: Buffer | null;
}

/** @throws {KeyDestroyed} if an event would tell something about an erased person */
export async function sealEvent(people: PersonKeys, stream: string, revision: Revision, event: NewEvent): Promise<SealedEvent> {
  const data = JSON.stringify(event.data) ?? 'null';
  if (event.personal === undefined) return { event, data, personal: null };
  if (!event.subject) throw new TypeError('an event with a personal part needs its subject');
  const key = await people.use(event.subject);
  return { event, data, personal: seal(key, Buffer.from(JSON.stringify(event.personal), 'utf8'), place({ stream, revision, type: event.type })) };
}
