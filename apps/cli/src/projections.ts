import { directoryReadModels } from '@rollcall/directory';
import { verifyReadModel, type ReadModel } from '@rollcall/eventing';

import { optionsOf, UsageError, type Command } from './command.js';
import { asOperator, type Operator } from './operator.js';

/** Read models by the service whose log they are made from. */
const readModels: readonly (readonly [service: string, models: readonly ReadModel[]])[] = [['directory', directoryReadModels]];

export const projectionsList: Command = {
  words: ['projections', 'list'],
  options: '[--json]',
  about: 'Lists read models: which version answers queries, and how far each has come.',
  async run(args) {
    const { json } = optionsOf(args, { json: { type: 'boolean' } });
    await asOperator(async (operator) => {
      for (const [service, models] of readModels) {
        for (const facts of await Promise.all(models.map((model) => factsOf(operator, service, model)))) {
          console.log(json ? JSON.stringify(facts) : `${facts.table.padEnd(36)}${facts.serving ? 'serving' : 'filling'}  ${facts.behind ? 'behind' : 'caught up'}`);
        }
      }
    });
    return 0;
  },
};

async function factsOf({ store }: Operator, service: string, { name, version, tableName }: ReadModel) {
  const { events, checkpoints, serving } = store(service);
  const [head, position, served] = await Promise.all([events.head(), checkpoints.position(tableName), serving.serving(name)]);
  const behind = head !== undefined && (position === undefined || events.compare(position, head) < 0);
  return { service, name, version, table: tableName, serving: served === version, behind };
}

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
