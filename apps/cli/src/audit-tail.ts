import { setTimeout as pause } from 'node:timers/promises';

import { auditService, postgresTrail } from '@rollcall/audit';
import type { wire } from '@rollcall/contracts';

import { numberOf, optionsOf, type Command } from './command.js';
import { asOperator } from './operator.js';

const PAGE = 500;
const FOLLOW_MILLIS = 500;

export const auditTail: Command = {
  words: ['audit', 'tail'],
  options: '[--pool ID] [--after POSITION] [--limit N] [--follow] [--json]',
  about: 'Prints audit records in order, the oldest first; --follow waits for more.',
  async run(args) {
    const options = optionsOf(args, {
      pool: { type: 'string' }, after: { type: 'string' }, limit: { type: 'string' }, follow: { type: 'boolean' }, json: { type: 'boolean' },
    });
    const limit = numberOf(options.limit, 'limit', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    await asOperator(async ({ db, store, callFor }) => {
      const { sealing, keys } = store('audit');
      const audit = auditService({ trail: postgresTrail({ db }), sealing, keys });
      let after = options.after;
      for (let printed = 0; printed < limit;) {
        const page = await audit.tail({ after, limit: Math.min(PAGE, limit - printed), poolId: options.pool }, callFor('TailAudit'));
        for (const record of page.records) console.log(options.json ? JSON.stringify(record) : line(record));
        printed += page.records.length;
        after = page.next;
        if (page.records.length > 0) continue;
        if (!options.follow) break;
        await pause(FOLLOW_MILLIS);
      }
    });
    return 0;
  },
};

const line = ({ at, operation, outcome, caller, poolId, clientId, sub, nameHash, correlationId, eventIds, source }: wire.audit.AuditRecord): string => [
  new Date(at).toISOString(),
  operation.padEnd(24),
  outcome.padEnd(20),
  `${caller?.kind ?? ''}${caller?.id ? `:${caller.id}` : ''}`,
  ...Object.entries({ pool: poolId, client: clientId, sub, name: nameHash?.slice(0, 12), from: source, events: eventIds.length || undefined, request: correlationId })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`),
].join('  ');
