import { epochMillis, type EpochMillis, type EventId } from '@rollcall/kernel';

import {
  NO_STREAM, type Checkpoints, type Claim, type ClaimChange, type ClaimKey, type Claims, type Erasure, type EventMetadata, type EventStore, type NewEvent,
  type Position, type Revision, type StoredEvent, type Subject, type Transactions,
} from '../event-store.js';
import type { Consumed } from '../event-handler.js';
import type { ServingVersions } from '../projection.js';
import { KeyDestroyed } from '../secrets.js';
import { ClaimTaken, EventTooLarge, StoreUnavailable, TamperedEvent, WrongRevision } from '../store-errors.js';
import { memoryProgress, type MemoryTables } from './memory-progress.js';

/** What a test makes happen to the store. */
export interface MemoryHooks {
  /** The next append throws `StoreUnavailable('unknown')`: before it took effect, or after. */
  failNextAppend(when: 'before' | 'after'): void;
  /** As an open transaction would: what is appended from now on stays invisible to `readAll` until released. */
  hold(): () => void;
  /** As if somebody had changed the event's bytes. */
  tamper(stream: string, revision: Revision): void;
}

export type MemoryStore = EventStore & Claims & Erasure & Checkpoints & Transactions & ServingVersions & Consumed & MemoryTables & MemoryHooks;

interface Entry {
  readonly stream: string;
  readonly revision: Revision;
  readonly id: EventId;
  readonly type: string;
  readonly version: number;
  readonly data: string;
  readonly hasPersonal: boolean;
  readonly subject?: Subject;
  readonly meta: string;
  readonly recordedAt: EpochMillis;
  readonly position: Position;
}

const MAX_BYTES = 1024 * 1024;

/**
 * The store of unit tests, with every promise of the ports and nothing kept. What does not survive JSON does not survive
 * here either.
 */
export function memoryStore({ now = () => epochMillis(Date.now()) }: { readonly now?: () => EpochMillis } = {}): MemoryStore {
  const log: Entry[] = [];
  const streams = new Map<string, Entry[]>();
  const claims = new Map<string, Claim>();
  /** Pool, then person, then event: what a destroyed key takes with it. */
  const sealed = new Map<string, Map<string, Map<string, string>>>();
  /** Pools, and people as `pool|sub`. */
  const destroyed = new Set<string>();
  const tampered = new Set<Entry>();
  const horizons = new Set<number>();
  const listeners = new Set<() => void>();
  let failNext: 'before' | 'after' | undefined;

  const claimKey = ({ namespace, valueHash }: ClaimKey) => JSON.stringify([namespace, valueHash]);
  const indexAfter = (position: Position | undefined) => (position === undefined ? 0 : Number(position) + 1);

  function open(entry: Entry): StoredEvent {
    if (tampered.has(entry)) throw new TamperedEvent(entry.stream, entry.revision);
    const { data, meta, hasPersonal, ...plain } = entry;
    const event = { ...plain, data: JSON.parse(data) as unknown, meta: JSON.parse(meta) as EventMetadata };
    if (!hasPersonal || !entry.subject) return event;
    const personal = sealed.get(entry.subject.poolId)?.get(entry.subject.sub)?.get(entry.id);
    return { ...event, personal: personal === undefined ? null : JSON.parse(personal) as unknown };
  }

  function seal({ poolId, sub }: Subject, id: string, personal: string): void {
    const pool = sealed.get(poolId) ?? new Map<string, Map<string, string>>();
    const person = pool.get(sub) ?? new Map<string, string>();
    sealed.set(poolId, pool.set(sub, person.set(id, personal)));
  }

  function changeClaims({ take = [], release = [] }: ClaimChange): void {
    const gone = new Set(release.filter((key) => claims.get(claimKey(key))?.owner === key.owner).map(claimKey));
    const wanted = new Map<string, Claim>();
    for (const claim of take) {
      const key = claimKey(claim);
      const holder = wanted.get(key) ?? (gone.has(key) ? undefined : claims.get(key));
      if (holder && holder.owner !== claim.owner) throw new ClaimTaken(claim.kind);
      wanted.set(key, claim);
    }
    for (const key of gone) claims.delete(key);
    for (const [key, claim] of wanted) claims.set(key, claim);
  }

  return {
    ...memoryProgress(now),
    async append(stream, expected, events, { meta, claims: change }) {
      if (events.length === 0) throw new RangeError('an append has at least one event');
      const failing = failNext;
      failNext = undefined;
      if (failing === 'before') throw new StoreUnavailable('unknown');
      const texts = events.map(textsOf);
      const bytes = texts.reduce((sum, { data, personal }) => sum + Buffer.byteLength(data) + Buffer.byteLength(personal ?? ''), 0);
      if (bytes > MAX_BYTES) throw new EventTooLarge(bytes);

      const entries = streams.get(stream) ?? [];
      const revision = entries.length - 1;
      if (revision !== expected) {
        const first = entries.slice(expected + 1, expected + 1 + events.length);
        if (first.length !== events.length || first.some((entry, n) => entry.id !== events[n]?.id)) throw new WrongRevision(stream, revision);
        const last = first.at(-1) as Entry;
        return { revision: last.revision, position: last.position };
      }
      for (const { personal, subject } of events) {
        if (personal === undefined || !subject) continue;
        if (destroyed.has(subject.poolId) || destroyed.has(`${subject.poolId}|${subject.sub}`)) throw new KeyDestroyed('the key is destroyed');
      }
      if (change) changeClaims(change);
      const recordedAt = now();
      for (const [n, event] of events.entries()) {
        const { data, personal } = texts[n] as ReturnType<typeof textsOf>;
        if (personal !== undefined) seal(event.subject as Subject, event.id, personal);
        const { id, type, version, subject } = event;
        const entry: Entry = {
          stream, revision: expected + 1 + n, id, type, version, data, hasPersonal: personal !== undefined, meta: JSON.stringify(meta), recordedAt,
          position: String(log.length).padStart(12, '0') as Position, ...(subject ? { subject: { ...subject } } : {}),
        };
        log.push(entry);
        entries.push(entry);
      }
      streams.set(stream, entries);
      queueMicrotask(() => { for (const listener of listeners) listener(); });
      if (failing === 'after') throw new StoreUnavailable('unknown');
      const last = entries.at(-1) as Entry;
      return { revision: last.revision, position: last.position };
    },
    async read(stream, { from = 0, max = Infinity } = {}) {
      const entries = streams.get(stream) ?? [];
      return { events: entries.slice(from, from + max).map(open), revision: entries.length === 0 ? NO_STREAM : entries.length - 1 };
    },
    async readAll({ after, prefixes, limit }) {
      const visible = Math.min(log.length, ...horizons);
      const events: StoredEvent[] = [];
      let next = after;
      for (let index = indexAfter(after); index < visible && events.length < limit; index++) {
        const entry = log[index] as Entry;
        if (prefixes.some((prefix) => entry.stream.startsWith(prefix))) events.push(open(entry));
        next = entry.position;
      }
      return { events, next };
    },
    head: async () => log.at(-1)?.position,
    compare: (a, b) => Number(a) - Number(b),
    onAppend(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    async find(key) {
      const claim = claims.get(claimKey(key));
      return claim && { kind: claim.kind, owner: claim.owner };
    },
    async destroyPerson({ poolId, sub }) {
      sealed.get(poolId)?.delete(sub);
      destroyed.add(`${poolId}|${sub}`);
    },
    async destroyPool(poolId) {
      sealed.delete(poolId);
      destroyed.add(poolId);
    },
    failNextAppend(when) {
      failNext = when;
    },
    hold() {
      const horizon = log.length;
      horizons.add(horizon);
      return () => { horizons.delete(horizon); };
    },
    tamper(stream, revision) {
      const entry = streams.get(stream)?.[revision];
      if (!entry) throw new RangeError(`${stream} has no revision ${revision}`);
      tampered.add(entry);
    },
  };
}

function textsOf({ data, personal, subject }: NewEvent): { readonly data: string; readonly personal: string | undefined } {
  if (personal !== undefined && !subject) throw new TypeError('an event with a personal part needs its subject');
  return { data: JSON.stringify(data) ?? 'null', personal: personal === undefined ? undefined : JSON.stringify(personal) };
}
