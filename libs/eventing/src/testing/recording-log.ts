import type { Log } from '../log.js';

/** A log that only remembers. */
export function recordingLog(): Log & { readonly messages: (level?: 'error' | 'warn' | 'info') => readonly string[] } {
  const lines: { readonly level: string; readonly message: string }[] = [];
  const line = (level: string) => (_facts: Readonly<Record<string, unknown>>, message: string) => { lines.push({ level, message }); };
  return {
    error: line('error'),
    warn: line('warn'),
    info: line('info'),
    messages: (level) => lines.filter((each) => level === undefined || each.level === level).map(({ message }) => message),
  };
}
