import { userPoolsService } from '@rollcall/edge-cognito-user-pools';

import { optionsOf, type Command } from './command.js';

export const operations: Command = {
  words: ['operations'],
  options: '[--json]',
  about: 'Lists the operations of the user pools API and which of them are offered.',
  async run(args) {
    const { json } = optionsOf(args, { json: { type: 'boolean' } });
    const names = Object.keys(userPoolsService.facts.operations).sort();
    for (const name of names) {
      const offered = Object.hasOwn(userPoolsService.rows, name);
      console.log(json ? JSON.stringify({ name, offered }) : `${offered ? 'offered ' : 'not yet '} ${name}`);
    }
    if (!json) console.log(`${Object.keys(userPoolsService.rows).length} of ${names.length} offered`);
    return 0;
  },
};
