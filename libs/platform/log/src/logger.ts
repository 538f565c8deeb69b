import { pino } from 'pino';

import { errorFacts } from './error-facts.js';
import { HIDDEN, hiddenNames, masked } from './hidden.js';

/**
 * What a line says besides its message. Flat on purpose: a request, a body, a user is an object, and objects are not
 * printed. `error` alone is taken apart, by `errorFacts`.
 */
export type Facts = Readonly<Record<string, unknown>>;

/** Messages are constant texts; what varies is a fact. */
export interface Logger {
  error(facts: Facts, message: string): void;
  warn(facts: Facts, message: string): void;
  info(facts: Facts, message: string): void;
  debug(facts: Facts, message: string): void;
  /** A logger whose every line has these facts too. */
  child(facts: Facts): Logger;
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export interface LogOptions {
  readonly level: LogLevel;
  /** Standard error if absent; a test collects the lines instead. */
  readonly write?: (line: string) => void;
}

const levels = ['error', 'warn', 'info', 'debug'] as const;

/** One JSON object a line, to standard error: standard output is for what people read at the start. */
export function createLogger({ level, write }: LogOptions): Logger {
  // Written at once, so that the last line before a crash is not lost.
  const destination = write ? { write } : pino.destination({ fd: 2, sync: true });
  return wrap(pino({
    level,
    base: null,
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: [...hiddenNames], censor: HIDDEN },
  }, destination));
}

function wrap(to: pino.Logger): Logger {
  const lines = Object.fromEntries(levels.map((level) => [level, (facts: Facts, message: string) => {
    if (to.isLevelEnabled(level)) to[level](printable(facts), masked(message));
  }])) as Record<(typeof levels)[number], (facts: Facts, message: string) => void>;
  return { ...lines, child: (facts) => wrap(to.child(printable(facts))) };
}

/** The second wall behind redaction by name: whatever is not a plain value does not get through. */
function printable(facts: Facts): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, name === 'error' ? errorFacts(value) : plain(value)]));
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return masked(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || value === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'object' ? HIDDEN : plain(item)));
  return HIDDEN;
}
