interface AttributeRule {
  readonly Name: string;
  readonly Required: boolean;
}

type Attributes = ReadonlyMap<string, string>;
const PREFIX = 'userAttributes.';

/** `userAttributes.<name>` of an answer to NEW_PASSWORD_REQUIRED, by name. */
export const attributesAnswered = (responses: Iterable<readonly [string, string]>): Attributes =>
  new Map([...responses].filter(([key]) => key.startsWith(PREFIX)).map(([key, value]) => [key.slice(PREFIX.length), value]));

/** Names of required attributes that the user has no value for; `sub` is never given. */
export const missingRequired = (schema: readonly AttributeRule[], current: Attributes): readonly string[] =>
  schema.filter(({ Name, Required }) => Required && Name !== 'sub' && !current.has(Name)).map(({ Name }) => Name);

/** As the challenge names them. */
export const asParameter = (name: string): string => `${PREFIX}${name}`;
