import { epochSeconds } from '@rollcall/kernel';
import { SqlError, txOf, type Database } from '@rollcall/platform-postgres';

import type { Cause, Families, Revocation } from '../application/families.js';
import type { RevocationReason } from '../domain/family.events.js';
import type { KeptFamily } from '../domain/refresh-rules.js';
import { familyStatements as sql } from './family-statements.js';

interface FamilyRow {
  readonly family: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly amr: readonly string[];
  readonly authTime: number;
  readonly deviceKey: string | null;
  readonly parentSession: string | null;
  readonly generation: number;
  readonly expired: boolean;
  readonly revokedFor: RevocationReason | null;
}

interface PresentedRow extends FamilyRow {
  readonly rotatedMillisAgo: number | null;
  readonly repeatedMillisAgo: number | null;
  readonly revokedByThisRequest: boolean;
}

const familyOf = ({ authTime, deviceKey, parentSession, revokedFor, ...row }: FamilyRow): KeptFamily => ({
  family: row.family,
  poolId: row.poolId,
  clientId: row.clientId,
  sub: row.sub,
  scopes: row.scopes,
  amr: row.amr,
  generation: row.generation,
  authTime: epochSeconds(authTime),
  deviceKey: deviceKey ?? undefined,
  parentSession: parentSession ?? undefined,
  expired: row.expired,
  revoked: revokedFor ?? undefined,
});

const causeValues = ({ correlationId, operation, caller }: Cause) => [correlationId, operation, caller.kind, caller.id];

/** Before every family in the order of ids. */
const NIL = '00000000-0000-0000-0000-000000000000';

/** The family went, by a purge, between the statement's look at it and its row for the token. */
const isFamilyGone = (error: unknown): boolean => error instanceof SqlError && error.code === '23503';

export function postgresFamilies({ db }: { readonly db: Database }): Families {
  const added = async (statement: string, values: readonly unknown[]): Promise<boolean> => {
    try {
      return (await db.query(statement, values)).count === 1;
    } catch (error) {
      if (isFamilyGone(error)) return false;
      throw error;
    }
  };

  return {
    async begin({ family, poolId, clientId, sub, scopes, amr, authTime, deviceKey, parentSession, generation }, first, ttlSeconds, cause) {
      const { rows: [row] } = await db.query<{ born: boolean; ageMillis: number }>(sql.begin, [
        family, poolId, clientId, sub, scopes, amr, authTime, deviceKey ?? null, parentSession ?? null, generation, ttlSeconds * 1000,
        first, ...causeValues(cause),
      ]);
      return row?.born ? undefined : row?.ageMillis ?? 0;
    },
    async find(family) {
      const { rows: [row] } = await db.repeatable<FamilyRow>(sql.find, [family]);
      return row && familyOf(row);
    },
    async present(token, successor) {
      const { rows: [row] } = await db.repeatable<PresentedRow>(sql.present, [token, successor]);
      return row && {
        family: familyOf(row),
        rotatedMillisAgo: row.rotatedMillisAgo ?? undefined,
        repeatedMillisAgo: row.repeatedMillisAgo ?? undefined,
        revokedByThisRequest: row.revokedByThisRequest,
      };
    },
    rotate: (token, successor, cause) => added(sql.rotate, [token, successor, ...causeValues(cause)]),
    addSibling: (token, sibling, graceMillis, cause) => added(sql.addSibling, [token, sibling, graceMillis, ...causeValues(cause)]),
    async revoke(family, reason, { correlationId, operation, caller }, request) {
      const cause: Cause = { correlationId, operation, caller: { kind: caller.kind, id: caller.id } };
      const { rows: [revocation] } = await db.query<Revocation>(sql.revoke, [family, reason, request ?? null, JSON.stringify(cause)]);
      return revocation;
    },
    async untold(olderThanMillis, limit, after) {
      const { at, family } = after ?? { at: 0, family: NIL };
      return (await db.repeatable<Revocation>(sql.untold, [olderThanMillis, limit, at, family])).rows;
    },
    async told(family) {
      await db.repeatable(sql.told, [family]);
    },
    async purgeLater({ scope, poolId, id }, tx) {
      await txOf(tx).query(sql.purgeLater, [scope, poolId, id]);
    },
    async sweep(limit) {
      for (const statement of [...sql.purge, sql.expire]) {
        const { count } = await db.repeatable(statement, [limit]);
        if (count > 0) return count;
      }
      for (const statement of sql.purged) await db.repeatable(statement);
      return 0;
    },
  };
}
