import { prepareSchema } from '@rollcall/store-postgres';

import { optionsOf, type Command } from './command.js';
import { asOperator } from './operator.js';
import { schemas } from './schemas.js';

/** Rollcall does the same at its start; this is for doing it before. */
export const migrateSchemas: Command = {
  words: ['migrate'],
  options: '',
  about: 'Brings every service\'s schema up to date.',
  async run(args) {
    optionsOf(args, {});
    await asOperator(async ({ db }) => {
      for (const [service, migrations] of schemas) {
        await prepareSchema(db, service, migrations);
        console.log(`${service}: up to date`);
      }
    }, { mayCreate: true });
    return 0;
  },
};
