import { parseArgs, type ParseArgsConfig } from 'node:util';

/** One command of the command line. */
export interface Command {
  /** What it is called by, e.g. `audit tail`. */
  readonly words: readonly string[];
  /** Its options, for the help. */
  readonly options: string;
  readonly about: string;
  /** @returns the exit code: 0 done, 1 it found something wrong @throws {UsageError} (exit code 2) */
  run(args: readonly string[]): Promise<number>;
}

/** The command was called wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options of a command. @throws {UsageError} for one that it does not have, or a word too many */
export function optionsOf<const Options extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** A whole number as an option. @throws {UsageError} */
export function numberOf(text: string | undefined, name: string, fallback: number, most: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new UsageError(`--${name} must be a whole number from 1 to ${most}`);
  return value;
}
