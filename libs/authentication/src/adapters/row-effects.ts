import type { Database } from '@rollcall/platform-postgres';

/** What a call did to a row, as the audit's sweep asks for it. */
export interface RowEffect {
  readonly correlationId: string;
  readonly operation: string;
  readonly caller: Readonly<{ kind: string; id: string }>;
  readonly poolId?: string;
  readonly sub?: string;
  readonly eventIds: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
}

interface Row {
  readonly id: string;
  readonly at: number;
  readonly correlationId: string;
  readonly operation: string;
  readonly caller: string;
  readonly poolId: string | null;
  readonly sub: string | null;
}

const BATCH = 200;

/** Tables whose rows are effects of calls and no events: when one happened, what tells it from others, and of whom it is. */
const tables = [
  { table: 'single_use', at: 't.used_at', id: 't.id', about: 't.pool_id as "poolId", t.sub' },
  { table: 'code_request', at: 't.made_at', id: 't.request_id', about: 't.pool_id as "poolId", t.sub' },
  { table: 'lockout', at: 't.failed_at', id: `(encode(t.person, 'hex') || t.source)`, about: 'null as "poolId", null as sub' },
] as const;

/**
 * What calls did to decision rows, one source per table, each in order of the database's clock: safe for whatever is
 * older than a statement may take.
 */
export const rowEffects = ({ db }: { readonly db: Database }) => tables.map(({ table, at, id, about }) => {
  const select = `
    select ${id} as id, ${at} as at, t.correlation_id as "correlationId", t.operation, t.caller, ${about}
    from authentication.effect_progress p
    join authentication.${table} t on ${at} >= p.at and (${at}, ${id}) > (p.at, p.id)
    where p.source = '${table}' and ${at} < $1 order by 2, 1 limit ${BATCH}`;
  const advance = `update authentication.effect_progress set at = $1, id = $2 where source = '${table}' and (at, id) < ($1, $2)`;
  let last: Row | undefined;
  return {
    name: `authentication.${table}`,
    async next(before: number): Promise<readonly RowEffect[]> {
      const { rows } = await db.repeatable<Row>(select, [before]);
      last = rows.at(-1);
      return rows.map(({ correlationId, operation, caller, poolId, sub, at: happenedAt }) => {
        const [kind = '', ...rest] = caller.split(':');
        return { correlationId, operation, caller: { kind, id: rest.join(':') }, ...(poolId ? { poolId } : {}), ...(sub ? { sub } : {}), eventIds: [], at: happenedAt };
      });
    },
    async done(): Promise<void> {
      if (last) await db.repeatable(advance, [last.at, last.id]);
    },
  };
});
