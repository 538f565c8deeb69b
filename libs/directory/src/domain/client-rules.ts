/** What the rules look at of a new client; lifetimes in seconds, defaults filled in. */
export interface NewClientFacts {
  readonly generateSecret: boolean;
  readonly ownSecret: boolean;
  /** As given. */
  readonly ExplicitAuthFlows: readonly string[];
  readonly ReadAttributes: readonly string[] | undefined;
  readonly WriteAttributes: readonly string[] | undefined;
  readonly accessTokenSeconds: number;
  readonly idTokenSeconds: number;
  readonly refreshTokenSeconds: number;
}

const HOUR = 3600;
const DAY = 86_400;
/** Nobody but Rollcall itself or an administrator says of a user who it is or what is proved: no client may write these. */
const neverWritable = new Set(['sub', 'identities', 'email_verified', 'phone_number_verified']);

/**
 * The first rule that a new client breaks.
 * @param schemaNames names of all attributes of the pool, custom ones with their prefix
 * @returns a sentence without any value that was typed; `undefined` if all rules hold
 */
export function brokenClientRule(facts: NewClientFacts, schemaNames: ReadonlySet<string>): string | undefined {
  if (facts.generateSecret && facts.ownSecret) return 'GenerateSecret and ClientSecret cannot be given together.';
  const allowFlows = facts.ExplicitAuthFlows.filter((flow) => flow.startsWith('ALLOW_')).length;
  if (allowFlows > 0 && allowFlows < facts.ExplicitAuthFlows.length) return 'ExplicitAuthFlows cannot mix values with and without the ALLOW_ prefix.';
  if (facts.ReadAttributes?.some((name) => !schemaNames.has(name))) return 'Invalid read attributes specified while creating a client';
  if (facts.WriteAttributes?.some((name) => !schemaNames.has(name) || neverWritable.has(name) || name.startsWith('dev:')))
    return 'Invalid write attributes specified while creating a client';
  return brokenLifetime(facts);
}

/** @see Amazon Cognito Developer Guide, "Understanding user pool JSON web tokens": 5 minutes to a day, an hour to ten years. */
function brokenLifetime({ accessTokenSeconds, idTokenSeconds, refreshTokenSeconds }: NewClientFacts): string | undefined {
  const within = (seconds: number, least: number, most: number) => seconds >= least && seconds <= most;
  const inRange = within(accessTokenSeconds, 300, DAY) && within(idTokenSeconds, 300, DAY) && within(refreshTokenSeconds, HOUR, 3650 * DAY);
  if (!inRange) return 'Invalid range for token validity.';
  if (refreshTokenSeconds < Math.max(accessTokenSeconds, idTokenSeconds)) return 'The refresh token must live longer than the access and ID tokens.';
  return undefined;
}
