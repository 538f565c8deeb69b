import type { Database } from '@rollcall/platform-postgres';

/** What a call did to a family, as the audit's sweep asks for it. */
export interface FamilyEffect {
  readonly correlationId: string;
  readonly operation: string;
  readonly caller: Readonly<{ kind: string; id: string }>;
  readonly poolId: string;
  readonly clientId: string;
  readonly sub: string;
  readonly eventIds: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
}

interface Row extends Omit<FamilyEffect, 'caller' | 'eventIds'> {
  readonly callerKind: string;
  readonly callerId: string;
  readonly hash: Buffer;
}

const BATCH = 200;

/**
 * Refresh tokens given out, as effects that must have their audit record: families are no events, so the log does not
 * tell of them. In order of the database's clock, which is safe for whatever is older than a statement may take.
 */
export function familyEffects({ db }: { readonly db: Database }) {
  const select = `select t.hash, t.issued_at as at, t.correlation_id as "correlationId", t.operation, t.caller_kind as "callerKind", t.caller_id as "callerId",
      f.pool_id as "poolId", f.client_id as "clientId", f.sub
    from token.effect_progress p
    join token.refresh_token t on t.issued_at >= p.issued_at and (t.issued_at, t.hash) > (p.issued_at, p.hash)
    join token.refresh_family f on f.family = t.family
    where t.issued_at < $1 order by t.issued_at, t.hash limit ${BATCH}`;
  const advance = `update token.effect_progress set issued_at = $1, hash = $2 where (issued_at, hash) < ($1, $2)`;
  let last: Row | undefined;

  return {
    name: 'token.refresh-tokens',
    async next(before: number): Promise<readonly FamilyEffect[]> {
      const { rows } = await db.repeatable<Row>(select, [before]);
      last = rows.at(-1);
      return rows.map(({ callerKind, callerId, hash: _, ...effect }) => ({ ...effect, caller: { kind: callerKind, id: callerId }, eventIds: [] }));
    },
    async done(): Promise<void> {
      if (last) await db.repeatable(advance, [last.at, last.hash]);
    },
  };
}
