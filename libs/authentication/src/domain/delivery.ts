export type DeliveryAttribute = 'email' | 'phone_number';
export type Medium = 'EMAIL' | 'SMS';

/** Where a message goes. */
export interface Delivery {
  readonly attribute: DeliveryAttribute;
  readonly medium: Medium;
  /** In clear: for the message, never for an answer. */
  readonly destination: string;
}

type Attributes = ReadonlyMap<string, string>;

const mediumOf: Readonly<Record<DeliveryAttribute, Medium>> = { email: 'EMAIL', phone_number: 'SMS' };

const to = (attribute: DeliveryAttribute, attributes: Attributes): Delivery | undefined => {
  const destination = attributes.get(attribute);
  return destination === undefined || destination === '' ? undefined : { attribute, medium: mediumOf[attribute], destination };
};

/**
 * Where a user's confirmation code goes: to an attribute that the pool verifies by itself. With both, the phone number.
 * @see Amazon Cognito Developer Guide, "Verifying contact information at sign-up"
 */
export const confirmationDelivery = (autoVerified: readonly DeliveryAttribute[], attributes: Attributes): Delivery | undefined =>
  (['phone_number', 'email'] as const).filter((attribute) => autoVerified.includes(attribute)).map((attribute) => to(attribute, attributes)).find(Boolean);

/**
 * Where an invitation goes: by each medium that was asked for. Without a wish it goes by text message, or by mail where
 * there is no phone number.
 *
 * @returns the name of the attribute that a medium asked for lacks, instead
 */
export function invitationDeliveries(mediums: readonly string[], attributes: Attributes): readonly Delivery[] | { readonly missing: DeliveryAttribute } {
  const attributesAsked = mediums.map((medium): DeliveryAttribute => (medium === 'EMAIL' ? 'email' : 'phone_number'));
  if (attributesAsked.length === 0) return [to('phone_number', attributes) ?? to('email', attributes)].filter((each) => each !== undefined);
  const deliveries: Delivery[] = [];
  for (const attribute of new Set(attributesAsked)) {
    const delivery = to(attribute, attributes);
    if (!delivery) return { missing: attribute };
    deliveries.push(delivery);
  }
  return deliveries;
}

/** A destination as answers show it: `j***@e***`, `+*******1234`. */
export function masked({ attribute, destination }: Pick<Delivery, 'attribute' | 'destination'>): string {
  if (attribute === 'phone_number') {
    const digits = destination.replace(/^\+/, '');
    return `+${'*'.repeat(Math.max(0, digits.length - 4))}${digits.slice(-4)}`;
  }
  const [local = '', domain = ''] = destination.split('@');
  return `${[...local][0] ?? ''}***@${[...domain][0] ?? ''}***`;
}
