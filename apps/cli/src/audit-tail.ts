import { setTimeout as pause } from 'node:timers/promises';

import { auditService, postgresTrail } from '@rollcall/audit';
import type { wire } from '@rollcall/contracts';

import { numberOf, optionsOf, UsageError, type Command } from './command.js';
import { asOperator } from './operator.js';

const PAGE = 500;
const LAST = 20;
const FOLLOW_MILLIS = 500;

export const auditTail: Command = {
  words: ['audit', 'tail'],
  options: '[--last N | --all] [--pool ID] [--follow] [--json]',
  about: 'Prints the last audit records (20), or all; --follow waits for more.',
  async run(args) {
    const options = optionsOf(args, {
      pool: { type: 'string' }, last: { type: 'string' }, all: { type: 'boolean' }, follow: { type: 'boolean' }, json: { type: 'boolean' },
    });
    const last = numberOf(options.last, 'last', LAST, PAGE);
    if (options.all && options.last !== undefined) throw new UsageError('either --last or --all');
    await asOperator(async ({ db, store, callFor }) => {
      const { sealing, keys } = store('audit');
      const audit = auditService({ trail: postgresTrail({ db }), sealing, keys });
      const print = (records: readonly wire.audit.AuditRecord[]) => {
        for (const record of records) console.log(options.json ? JSON.stringify(record) : line(record));
      };
      let after: string | undefined;
      if (!options.all) {
        const page = await audit.tail({ after, limit: last, poolId: options.pool, newest: true }, callFor('TailAudit'));
        print(page.records);
        if (!options.follow) return;
        after = page.next;
      }
      for (;;) {
        const page = await audit.tail({ after, limit: PAGE, poolId: options.pool, newest: false }, callFor('TailAudit'));
        print(page.records);
        after = page.next;
        if (page.records.length > 0) continue;
        if (!options.follow) return;
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
