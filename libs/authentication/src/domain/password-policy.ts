/** The part of a pool's password policy that a password alone can meet. */
export interface PasswordRules {
  readonly MinimumLength: number;
  readonly RequireUppercase: boolean;
  readonly RequireLowercase: boolean;
  readonly RequireNumbers: boolean;
  readonly RequireSymbols: boolean;
}

/** @see Amazon Cognito Developer Guide, "Adding user pool password requirements"; a space counts inside, not at the ends */
const symbol = /[\^$*.[\]{}()?\-"!@#%&/\\,><':;|_~`+=]|(?<=.) (?=.)/su;

/**
 * The first rule that a password breaks, in Cognito's words.
 * @returns `undefined` if it conforms
 */
export function brokenPasswordRule(password: string, rules: PasswordRules): string | undefined {
  const sentence = ([
    [[...password].length >= rules.MinimumLength, 'Password not long enough'],
    [!rules.RequireUppercase || /[A-Z]/.test(password), 'Password must have uppercase characters'],
    [!rules.RequireLowercase || /[a-z]/.test(password), 'Password must have lowercase characters'],
    [!rules.RequireNumbers || /[0-9]/.test(password), 'Password must have numeric characters'],
    [!rules.RequireSymbols || symbol.test(password), 'Password must have symbol characters'],
  ] as const).find(([kept]) => !kept)?.[1];
  return sentence && `Password did not conform with password policy: ${sentence}`;
}
