/** Where the runners say what happened to them: constant messages, flat facts, nothing of what a person typed. */
export interface Log {
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
}
