import type { EventId } from '@rollcall/kernel';

import { NO_STREAM, type AppendOptions, type EventStore, type NewEvent, type Revision } from '../src/index.js';
import { testIds } from '../src/testing/index.js';

const ids = testIds();

export const by: AppendOptions = { meta: { correlationId: 'call 1', operation: 'Test', caller: { kind: 'service', id: 'test' } } };
export const subject = { poolId: 'us-east-1_abc', sub: 'ada' };

/** An event of a number, with a fresh id. */
export const counted = (n: number): NewEvent => ({ id: ids.derive(undefined, '', 0) as EventId, type: 'test.counted', version: 1, data: { n } });

/** Appends one event after another to a stream that holds nothing else. */
export async function count(store: EventStore, stream: string, ...numbers: readonly number[]): Promise<void> {
  for (const n of numbers) {
    const { revision } = await store.read(stream);
    await store.append(stream, revision, [counted(n)], by);
  }
}

export const first: Revision = NO_STREAM;
