import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { decode, type Definitions, type StoredEvent } from '@rollcall/eventing';
import type { DomainEvent } from '@rollcall/kernel';

import { clients, pools, users } from '../src/application/aggregates.js';

/** Every shape ever stored: one file per type and version. They are never edited, only added to. */
interface Fixture {
  readonly stored: Pick<StoredEvent, 'type' | 'version' | 'data' | 'personal'>;
  /** As the newest code understands it. */
  readonly read: unknown;
}

const folder = new URL('stored-events/', import.meta.url);
const fixtures = readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Fixture] as const);
const definitions = new Map([...pools.definitions, ...clients.definitions, ...users.definitions]) as unknown as Definitions<DomainEvent>;

describe('stored events of every version', () => {
  it.each(fixtures)('%s is still read', (_file, { stored, read }) => {
    const event: DomainEvent = decode(definitions, stored as StoredEvent);
    expect({ data: event.data, personal: event.personal }).toEqual({ personal: undefined, ...(read as object) });
  });
  it('are all here', () => {
    const expected = [...definitions.values()].flatMap((definition) => {
      const { type, version } = definition as unknown as { type: string; version: number };
      return Array.from({ length: version }, (_, n) => `${type}.v${n + 1}.json`);
    });
    expect(fixtures.map(([file]) => file).sort()).toEqual(expected.sort());
  });
  it.each([...definitions])('a version of %s from the future stops the reader', (type, { read }) => {
    expect(() => read({}, 99)).toThrow(RangeError);
    expect(() => decode(definitions, { type, version: 99, data: {} } as StoredEvent)).toThrow('unknown stored event');
  });
});
