import { nearest } from './nearest.js';
import { settingsRules, settingsSchema, type Given, type SettingFacts, type Settings } from './settings-schema.js';

/** The environment asks for something that cannot be. Its message lists every problem, and no secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly string[]) {
    super(['Rollcall cannot start with these settings:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}

const names = Object.keys(settingsSchema.shape) as (keyof Settings)[];
const factsOf = (name: keyof Settings): SettingFacts => settingsSchema.shape[name].meta() as unknown as SettingFacts;

/**
 * Reads all settings from `ROLLCALL_*` variables. An empty variable counts as absent; one that no setting has is an
 * error, or a typing mistake would silently leave a default in force.
 *
 * @param env the process's own environment unless a test gives another
 * @returns frozen
 * @throws {SettingsError} listing every problem at once
 */
export function loadSettings(env: Given = process.env): Settings {
  const given: Given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name.startsWith('ROLLCALL_') && value !== ''));
  const parsed = settingsSchema.safeParse(given);
  const wrong = new Set(parsed.error?.issues.map((issue) => issue.path[0] as keyof Settings));
  const problems = [
    ...[...wrong].map((name) => notAsExpected(name, given[name])),
    ...settingsRules.filter((rule) => rule.broken(given)).map(({ name, message }) => `${name} ${message}`),
    ...Object.keys(given).filter((name) => !(names as string[]).includes(name)).map(unknownSetting),
  ];
  if (parsed.data === undefined || problems.length > 0) throw new SettingsError(problems);
  return Object.freeze(parsed.data);
}

function notAsExpected(name: keyof Settings, value: string | undefined): string {
  const { expects, secret } = factsOf(name);
  return `${name} must be ${expects}${secret ? '' : `, not ${JSON.stringify(value)}`}`;
}

function unknownSetting(name: string): string {
  const known = nearest(name, names);
  return `${name} is not a setting of Rollcall${known === undefined ? '' : `; did you mean ${known}?`}`;
}
