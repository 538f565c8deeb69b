import type { Database } from '@rollcall/platform-postgres';

import type { Budgets } from '../application/budgets.js';
import { NOW } from './database-clock.js';

const HOUR_MILLIS = 3_600_000;

const SPEND = `
  insert into authentication.budget as b (person, what, started_at, spent, last_mark) values ($1, $2, ${NOW}, 1, $4)
  on conflict (person, what) do update set (started_at, spent) = (
      select case when f.over then ${NOW} else b.started_at end,
        case when f.over then 1 when b.last_mark = excluded.last_mark then b.spent else b.spent + 1 end
      from (select b.started_at <= ${NOW} - ${HOUR_MILLIS} as over) f),
    last_mark = excluded.last_mark
  where b.started_at <= ${NOW} - ${HOUR_MILLIS} or b.spent < $3 or b.last_mark = excluded.last_mark`;

/** Hourly budgets as rows: an hour begins with its first use. */
export const postgresBudgets = ({ db }: { readonly db: Database }): Budgets => ({
  async spend(person, what, limit, requestMark) {
    const mark = requestMark === undefined ? null : Buffer.from(requestMark, 'hex');
    return (await db.query(SPEND, [Buffer.from(person, 'hex'), what, limit, mark])).count > 0;
  },
});
