import { refusal } from '@rollcall/contracts';
import type { Database } from '@rollcall/platform-postgres';

import { mergedWriter } from './merged-writer.js';
import type { SealedRecord, Trail } from '../application/trail.js';

/** Days whose tables are made ahead. */
const DAYS_AHEAD = 3;
const REASON = /^[\w-]{1,64}$/;
const REJECTED_KEPT_DAYS = 90;
/** No transaction shall last. */
const FORGET_ROWS = 20_000;

interface Row {
  readonly record_id: string;
  readonly at: number;
  readonly txid: number;
  readonly seq: number;
  readonly correlation_id: string;
  readonly operation: string;
  readonly outcome: string;
  readonly caller_kind: string;
  readonly caller_id: string;
  readonly pool_id: string | null;
  readonly client_id: string | null;
  readonly sub: string | null;
  readonly name_hash: string | null;
  readonly event_ids: string[];
  readonly sealed: Buffer | null;
  readonly sealed_for: string;
}

const insertText = `
  insert into audit.record (record_id, at, day, txid, correlation_id, operation, outcome, caller_kind, caller_id,
                            pool_id, client_id, sub, name_hash, event_ids, sealed, sealed_for)
  select r.record_id, r.at, (to_timestamp(r.at / 1000.0) at time zone 'UTC')::date, pg_current_xact_id()::text::bigint + (select base from audit.xid_base),
         r.correlation_id, r.operation, r.outcome, r.caller_kind, r.caller_id,
         r.pool_id, r.client_id, r.sub, r.name_hash, r.event_ids, decode(r.sealed, 'base64'), r.sealed_for
  from json_to_recordset($1) as r (record_id uuid, at bigint, correlation_id text, operation text, outcome text, caller_kind text,
       caller_id text, pool_id text, client_id text, sub text, name_hash text, event_ids text[], sealed text, sealed_for text)
  on conflict do nothing`;

interface Rejected {
  readonly sourceHash: string;
  readonly reason: string;
}

// In one order, so that two processes that count the same rows do not wait for each other.
const countText = `
  insert into audit.rejected (minute, source_hash, reason, calls)
  select date_trunc('minute', statement_timestamp()), c.source_hash, c.reason, count(*)
  from unnest($1::text[], $2::text[]) as c (source_hash, reason) group by 1, 2, 3 order by 2, 3
  on conflict (minute, source_hash, reason) do update set calls = rejected.calls + excluded.calls`;

const written = ({ record, sealed, sealedFor }: SealedRecord) => ({
  record_id: record.recordId,
  at: record.at,
  correlation_id: record.correlationId,
  operation: record.operation,
  outcome: record.outcome,
  caller_kind: record.caller?.kind ?? 'anonymous',
  caller_id: record.caller?.id ?? '',
  pool_id: record.poolId,
  client_id: record.clientId,
  sub: record.sub,
  name_hash: record.nameHash,
  event_ids: record.eventIds,
  sealed: sealed?.toString('base64'),
  sealed_for: sealedFor,
});

const readBack = (row: Row): SealedRecord => ({
  record: {
    recordId: row.record_id,
    at: row.at,
    correlationId: row.correlation_id,
    operation: row.operation,
    outcome: row.outcome,
    caller: { kind: row.caller_kind, id: row.caller_id },
    poolId: row.pool_id ?? undefined,
    clientId: row.client_id ?? undefined,
    sub: row.sub ?? undefined,
    nameHash: row.name_hash ?? undefined,
    eventIds: row.event_ids,
  },
  sealed: row.sealed ?? undefined,
  sealedFor: row.sealed_for,
});

/** A position as `tail` gives it out: `<txid>.<seq>`. */
function positionOf(after: string | undefined): readonly [number, number] {
  if (after === undefined) return [-1, -1];
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(after);
  if (!match) throw refusal('InvalidParameter', { reason: 'after is no position of the trail' });
  return [Number(match[1]), Number(match[2])];
}

/** To be called before a process records: adopts a trail that was restored into another cluster. */
export const prepareTrail = async (db: Database): Promise<void> => void (await db.queryOnce('select audit.adopt_restored_trail()'));

/** The audit trail as a table, partitioned by day; whatever waits while one insert is in flight goes into the next. */
export function postgresTrail({ db }: { readonly db: Database }): Trail {
  const insert = mergedWriter<SealedRecord>(async (records) => {
    await db.repeatable(insertText, [JSON.stringify(records.map(written))]);
  });
  // One statement at a time: calls of one source meet in one row, and would hold a connection each to wait for its lock.
  const count = mergedWriter<Rejected>(async (calls) => {
    await db.query(countText, [calls.map(({ sourceHash }) => sourceHash), calls.map(({ reason }) => reason)]);
  });

  return {
    insert,

    async missing(correlationIds) {
      const { rows } = await db.repeatable<{ id: string }>(
        `select id from unnest($1::text[]) as asked (id)
         where not exists (select from audit.record where correlation_id = id)`,
        [correlationIds],
      );
      return rows.map(({ id }) => id);
    },

    async tail({ after, limit, poolId, newest }) {
      const [txid, seq] = positionOf(after);
      // Below the snapshot's xmin nothing can still commit: the same rule as for the logs of events.
      const { rows } = await db.repeatable<Row>(
        `select record_id, at, txid, seq, correlation_id, operation, outcome, caller_kind, caller_id, pool_id, client_id, sub, name_hash,
                event_ids, sealed, sealed_for
         from audit.record
         where (txid, seq) > ($1::bigint, $2::bigint) and ($3::text is null or pool_id = $3)
           and txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (select base from audit.xid_base)
         order by ${newest ? 'txid desc, seq desc' : 'txid, seq'} limit $4`,
        [txid, seq, poolId ?? null, limit],
      );
      const inOrder = newest ? rows.toReversed() : rows;
      const last = inOrder.at(-1);
      return { records: inOrder.map(readBack), next: last ? `${last.txid}.${last.seq}` : after };
    },

    countRejected: (sourceHash, reason) => count({ sourceHash, reason: REASON.test(reason) ? reason : 'other' }),

    async forgetRejected() {
      for (let forgotten = FORGET_ROWS; forgotten === FORGET_ROWS;) {
        forgotten = (await db.query(
          `delete from audit.rejected where ctid = any (array(
             select ctid from audit.rejected where minute < clock_timestamp() - $1 * interval '1 day' limit $2))`,
          [REJECTED_KEPT_DAYS, FORGET_ROWS],
        )).count;
      }
    },

    async prepareDays() {
      for (let ahead = 0; ahead < DAYS_AHEAD; ahead++) await db.query(`select audit.make_day((clock_timestamp() at time zone 'UTC')::date + $1::int)`, [ahead]);
    },

    async probe() {
      await db.query(`select audit.probe()`);
    },
  };
}
