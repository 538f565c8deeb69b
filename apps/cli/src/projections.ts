import { directoryReadModels } from '@rollcall/directory';
import { listReadModels, verifyReadModel, type ReadModel } from '@rollcall/eventing';

import { optionsOf, UsageError, type Command } from './command.js';
import { asOperator } from './operator.js';

/** Read models by the service whose log they are made from. */
const readModels: readonly (readonly [service: string, models: readonly ReadModel[]])[] = [['directory', directoryReadModels]];

export const projectionsList: Command = {
  words: ['projections', 'list'],
  options: '[--json]',
  about: 'Lists read models: which version answers queries, and how far each has come.',
  async run(args) {
    const { json } = optionsOf(args, { json: { type: 'boolean' } });
    await asOperator(async ({ store }) => {
      for (const [service, models] of readModels) {
        const { events, checkpoints, serving } = store(service);
        for (const { name, version, tableName, serving: serves, lagMillis } of await listReadModels({ store: events, checkpoints, versions: serving }, models)) {
          if (json) console.log(JSON.stringify({ service, name, version, table: tableName, serving: serves, lagMillis }));
          else console.log(`${tableName.padEnd(36)}${serves ? 'serving' : 'filling'}  ${lagMillis === undefined ? 'cannot read on' : lagMillis === 0 ? 'caught up' : `${lagMillis} ms behind`}`);
        }
      }
    });
    return 0;
  },
};

export const projectionsVerify: Command = {
  words: ['projections', 'verify'],
  options: '[--name NAME] [--json]',
  about: 'Rebuilds read models beside the serving ones and compares rows and hashes with the log; exit code 1 if one differs.',
  async run(args) {
    const { name, json } = optionsOf(args, { name: { type: 'string' }, json: { type: 'boolean' } });
    const chosen = readModels.flatMap(([service, models]) => models.filter((model) => name === undefined || model.name === name).map((model) => ({ service, model })));
    if (chosen.length === 0) throw new UsageError(`no read model is called ${name}`);
    return asOperator(async ({ store, log }) => {
      let differing = 0;
      for (const { service, model } of chosen) {
        const { events, checkpoints, transactions } = store(service);
        const { rows, matches } = await verifyReadModel({ store: events, checkpoints, transactions, log }, model);
        if (!matches) differing += 1;
        console.log(json ? JSON.stringify({ service, table: model.tableName, rows, matches }) : `${model.tableName.padEnd(36)}${String(rows).padStart(9)} rows  ${matches ? 'matches the log' : 'DIFFERS from the log'}`);
      }
      return differing === 0 ? 0 : 1;
    });
  },
};
