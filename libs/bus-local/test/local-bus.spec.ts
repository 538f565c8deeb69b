import { afterEach, describe, expect, it } from '@jest/globals';
import { localBus, type LocalBus, type LocalBusNeeds, type Producer } from '@rollcall/bus-local';
import type { IntegrationEvent, PoolDeleted, UserDeleted } from '@rollcall/contracts';
import { UnknownStoredEvent, type Consumer, type EventHandler, type StoredEvent } from '@rollcall/eventing';
import { memoryStore, recordingLog, testIds, virtualTime } from '@rollcall/eventing/testing';
import type { EventId } from '@rollcall/kernel';

const POOL = 'us-east-1_abc';
let bus: LocalBus | undefined;
afterEach(() => bus?.stop());

/** What directory tells: deletions, and nothing else. */
const integration = ({ id, type, version, stream, recordedAt, meta, data }: StoredEvent): IntegrationEvent | undefined =>
  type === 'directory.user.deleted' || type === 'directory.pool.deleted'
    ? {
      id, type, version, source: 'directory', partition: stream, subject: { poolId: POOL }, time: recordedAt,
      correlationId: meta.correlationId, operation: meta.operation, data: { poolId: POOL, ...(data as object) },
    }
    : undefined;

function scene() {
  const time = virtualTime();
  const now = () => time.now();
  const [directory, token] = [memoryStore({ now }), memoryStore({ now })];
  const log = recordingLog();
  const ids = testIds();
  const producer: Producer = { service: 'directory', store: directory, integration };
  const append = async (type: string, data: unknown, stream = `directory.user-${POOL}.1`, store = directory) => {
    const { revision } = await store.read(stream);
    const id = ids.derive(undefined, '', 0) as EventId;
    await store.append(stream, revision, [{ id, type, version: 1, data }], { meta: { correlationId: 'call 1', operation: 'AdminDeleteUser', caller: { kind: 'administrator', id: 'k' } } });
    return id;
  };
  return {
    time, directory, token, log, producer, append,
    deleted: (sub: string) => append('directory.user.deleted', { sub }),
    listen: (consumers: LocalBusNeeds['listeners'][number]['consumers'], needs: Partial<LocalBusNeeds> = {}) => {
      bus = localBus({ producers: [producer], listeners: [{ checkpoints: token, consumed: token, consumers }], log, time, ...needs });
      return bus;
    },
  };
}

/** A consumer that notes whom it was told of, in its own database. */
const purge = (handle: EventHandler<UserDeleted>, name = 'token.purge'): Consumer<UserDeleted> => ({ name, on: { 'directory.user.deleted': handle } });

describe('the local bus', () => {
  it('hands a consumer what it wants of what the service tells, in order and once', async () => {
    const { listen, deleted, append } = scene();
    const told: string[] = [];
    const running = listen([purge(async ({ data }) => void told.push(data.sub))]);
    await deleted('ada');
    await append('directory.user.confirmed', { sub: 'kept to itself' });
    await append('directory.pool.deleted', {}, `directory.pool-${POOL}`);
    await deleted('eve');
    expect(await running.caughtUp(60_000)).toBe(true);
    expect(told).toEqual(['ada', 'eve']);
  });

  it('hands over an envelope that says what happened, where, when and in which call', async () => {
    const { listen, deleted, time } = scene();
    const told: IntegrationEvent[] = [];
    const running = listen([purge(async (event) => void told.push(event))]);
    const at = time.now();
    const id = await deleted('ada');
    await running.caughtUp(60_000);
    expect(told).toEqual([{
      id, type: 'directory.user.deleted', version: 1, source: 'directory', partition: `directory.user-${POOL}.1`, subject: { poolId: POOL }, time: at,
      correlationId: 'call 1', operation: 'AdminDeleteUser', data: { poolId: POOL, sub: 'ada' },
    }]);
  });

  it('hands each consumer its own copy, without what a wire would not carry', async () => {
    const { listen, deleted, producer } = scene();
    const data = { poolId: POOL, sub: 'ada', extra: undefined, at: new Date(0) };
    const told: unknown[] = [];
    const running = listen([purge(async (event) => void told.push(event.data))], {
      producers: [{ ...producer, integration: (stored) => ({ ...integration(stored)!, data }) }],
    });
    await deleted('ada');
    await running.caughtUp(60_000);
    expect(told).toStrictEqual([{ poolId: POOL, sub: 'ada', at: '1970-01-01T00:00:00.000Z' }]);
  });

  it('gives different consumers different progress', async () => {
    const { listen, deleted, token, time } = scene();
    const told: string[] = [];
    const broken = purge(async () => { throw new Error('never'); }, 'token.broken');
    const running = listen([broken, purge(async ({ data }) => void told.push(data.sub), 'token.fine')]);
    await deleted('ada');
    await time.pause(10_000).over;
    expect(told).toEqual(['ada']);
    expect(running.status()).toEqual([{ subscription: 'bus.directory.token.broken', is: 'retrying' }, { subscription: 'bus.directory.token.fine', is: 'running' }]);
    expect(await token.position('bus.directory.token.broken')).toBeUndefined();
  });

  it('calls a handler that fails twice three times, and keeps nothing of its failures', async () => {
    const { listen, deleted, token } = scene();
    await token.transaction(async (tx) => token.createTable(tx, 'purged'));
    let calls = 0;
    const running = listen([purge(async ({ data }, tx) => {
      calls += 1;
      token.rows<number>(tx, 'purged').put(`${data.sub}, call ${calls}`, calls);
      if (calls < 3) throw new Error('not now');
    })]);
    await deleted('ada');
    expect(await running.caughtUp(60_000)).toBe(true);
    expect(calls).toBe(3);
    await token.snapshot(async (tx) => expect(token.rows(tx, 'purged').entries()).toEqual([['ada, call 3', 3]]));
  });

  it('keeps progress with the consumer, as a position of the producer\'s log', async () => {
    const { listen, deleted, directory, token, append } = scene();
    await append('token.family.revoked', {}, 'token.family-1', token);
    await append('token.family.revoked', {}, 'token.family-2', token);
    const told: string[] = [];
    const consumers = [purge(async ({ data }) => void told.push(data.sub))];
    await deleted('ada');
    const before = listen(consumers);
    await before.caughtUp(60_000);
    await before.stop();
    expect(await token.position('bus.directory.token.purge')).toBe(await directory.head());
    expect(await directory.position('bus.directory.token.purge')).toBeUndefined();
    await deleted('eve');
    expect(await listen(consumers).caughtUp(60_000)).toBe(true);
    expect(told).toEqual(['ada', 'eve']);
  });

  it('delivers nothing twice though its progress is lost', async () => {
    const { listen, deleted, token } = scene();
    const told: string[] = [];
    const consumers = [purge(async ({ data }) => void told.push(data.sub))];
    await deleted('ada');
    const before = listen(consumers);
    await before.caughtUp(60_000);
    await before.stop();
    await token.transaction((tx) => token.forget('bus.directory.token.purge', tx));
    await deleted('eve');
    expect(await listen(consumers).caughtUp(60_000)).toBe(true);
    expect(told).toEqual(['ada', 'eve']);
  });

  it('lets a consumer hear several kinds of events, each with its own handler, from several services', async () => {
    const { listen, deleted, append, producer, token } = scene();
    const told: string[] = [];
    type Alarm = IntegrationEvent<'token.family.alarmed', { family: string }>;
    const consumer: Consumer<UserDeleted | PoolDeleted | Alarm> = {
      name: 'token.tidy',
      on: {
        'directory.user.deleted': async ({ data }) => void told.push(data.sub),
        'directory.pool.deleted': async ({ data }) => void told.push(data.poolId),
        'token.family.alarmed': async ({ data }) => void told.push(data.family),
      },
    };
    const tokens: Producer = {
      service: 'token', store: token, integration: (stored) => ({
        id: stored.id, type: stored.type, version: 1, source: 'token', partition: stored.stream, subject: { poolId: POOL }, time: 0, correlationId: 'c', operation: 'o', data: stored.data,
      }),
    };
    const running = listen([consumer], { producers: [producer, tokens] });
    await deleted('ada');
    await append('directory.pool.deleted', {}, `directory.pool-${POOL}`);
    await append('token.family.alarmed', { family: 'f' }, 'token.family-1', token);
    expect(await running.caughtUp(60_000)).toBe(true);
    expect(told.sort()).toEqual(['ada', 'f', POOL].sort());
    expect(running.status().map(({ subscription }) => subscription)).toEqual(['bus.directory.token.tidy', 'bus.token.token.tidy']);
  });

  it('stops a consumer at a stored event that the service no longer understands, and says so', async () => {
    const { listen, deleted, append, producer, time } = scene();
    const told: string[] = [];
    const stopped: string[] = [];
    const running = listen([purge(async ({ data }) => void told.push(data.sub))], {
      producers: [{
        ...producer,
        integration(stored) {
          if (stored.type === 'directory.user.unheard-of') throw new UnknownStoredEvent(stored.type, stored.version);
          return integration(stored);
        },
      }],
      onStopped: (subscription, { name }) => void stopped.push(`${subscription}: ${name}`),
    });
    await deleted('ada');
    await append('directory.user.unheard-of', {});
    await deleted('eve');
    await time.pause(1_000).over;
    expect(stopped).toEqual(['bus.directory.token.purge: UnknownStoredEvent']);
    expect(running.stopped()).toEqual(['bus.directory.token.purge']);
    expect(told).toEqual(['ada']);
    expect(await running.caughtUp(100)).toBe(false);
  });

  it('refuses two consumers of one name, and one whom nobody tells anything', () => {
    const { listen } = scene();
    expect(() => listen([purge(async () => {}), purge(async () => {})])).toThrow('bus.directory.token.purge is declared twice');
    expect(() => listen([{ name: 'token.lost', on: { 'risk.raised': async () => {} } }])).toThrow('nobody tells token.lost of risk.raised');
  });
});
