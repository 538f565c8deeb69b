/** A user's attribute as it is stored: a text, whatever its type. */
export interface StoredAttribute {
  readonly name: string;
  readonly value: string;
}

/** Attributes that the tokens state in a way of their own. */
const statedElsewhere: readonly string[] = ['sub', 'identities'];

/**
 * A user's attributes as claims of an ID token: flags as booleans, `updated_at` as a number, `address` as the object of
 * OpenID Connect Core 5.1.1, custom attributes always as texts. Empty ones are left out.
 */
export const attributeClaims = (attributes: readonly StoredAttribute[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes
    .filter(({ name, value }) => value !== '' && !statedElsewhere.includes(name))
    .map(({ name, value }) => [name, claimValue(name, value)]));

function claimValue(name: string, value: string): unknown {
  switch (name) {
    case 'email_verified':
    case 'phone_number_verified': return value.toLowerCase() === 'true';
    case 'updated_at': return /^\d{1,15}$/.test(value) ? Number(value) : value;
    case 'address': return { formatted: value };
    default: return value;
  }
}
