import { SettingsError } from '@rollcall/platform-config';
import { plainWords, SqlError } from '@rollcall/platform-postgres';

import { auditTail } from './audit-tail.js';
import { UsageError, type Command } from './command.js';
import { migrateSchemas } from './migrate-schemas.js';
import { operations } from './operations.js';
import { outbox } from './outbox.js';
import { projectionsList, projectionsVerify } from './projections.js';
import { start } from './start.js';

const commands: readonly Command[] = [start, migrateSchemas, auditTail, projectionsList, projectionsVerify, outbox, operations];

const help = (): string => [
  'Usage: rollcall <command> [options]',
  '',
  ...commands.map(({ words, options, about }) => `  rollcall ${[...words, options].filter(Boolean).join(' ')}\n      ${about}`),
  '',
  'Settings are environment variables, see docs/settings.md. Beside a running Rollcall the commands use its database.',
].join('\n');

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args.includes('--help') || args[0] === 'help') {
    console.log(help());
    return args.length === 0 ? 2 : 0;
  }
  const command = commands.find(({ words }) => words.every((word, n) => args[n] === word));
  if (!command) {
    console.error(`rollcall: no command "${args.filter((arg) => !arg.startsWith('-')).join(' ')}"\n\n${help()}`);
    return 2;
  }
  try {
    return await command.run(args.slice(command.words.length));
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SettingsError)) throw error;
    console.error(error instanceof UsageError ? `rollcall ${command.words.join(' ')}: ${error.message}` : error.message);
    return 2;
  }
}

/** PostgreSQL's codes for a table and a schema that are not there. */
const noTables = (error: unknown): string | undefined => (error instanceof SqlError && ['42P01', '3F000'].includes(error.code)
  ? 'The tables of Rollcall are not there yet: start it once, or run `npx rollcall migrate`.'
  : undefined);

main(process.argv.slice(2)).then(
  (code) => { process.exitCode = code; },
  (error: unknown) => {
    console.error(noTables(error) ?? plainWords(error) ?? error);
    process.exitCode = 1;
  },
);
