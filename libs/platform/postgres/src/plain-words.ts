import { AlreadyRunning } from './embedded.js';
import { DatabaseUnavailable, SqlError } from './database-errors.js';
import { NotPermitted } from './os-user.js';

/** What a file system refuses because of who asks, or because of what is there. */
const FILE_REFUSALS = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST']);

/**
 * What a person can mend about the database or the data folder, said in a sentence for the terminal; `undefined` for
 * anything else, whose stack is worth more.
 */
export function plainWords(error: unknown): string | undefined {
  if (error instanceof AlreadyRunning) return error.message;
  if (error instanceof NotPermitted) return `The database cannot be run: ${error.message}.`;
  if (error instanceof DatabaseUnavailable) return `The database cannot be reached (${error.reason}). Does its server run, and does ROLLCALL_DATABASE_URL, if set, lead to it?`;
  if (error instanceof SqlError) return refusal(error.code);
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (path === undefined || code === undefined || !FILE_REFUSALS.has(code)) return undefined;
  return `The data folder cannot be used: ${message}. ROLLCALL_DATA_DIR names it; it must belong to the user that Rollcall runs as.`;
}

function refusal(code: string): string | undefined {
  if (code.startsWith('28')) return `The database refuses the user or the password of ROLLCALL_DATABASE_URL (${code}).`;
  if (code === '3D000') return 'The database that ROLLCALL_DATABASE_URL names does not exist: create it first.';
  if (code === '42501') return 'The user of ROLLCALL_DATABASE_URL may not do what is needed there: it must be allowed to create schemas in its database.';
  return undefined;
}
