import type { wire } from '@rollcall/contracts';

import type { AttributeType } from '../gen/shapes.js';

/** Attributes of an input. Without a value an attribute is empty, as the API treats it. */
export const attributesIn = (attributes: readonly AttributeType[] | undefined): wire.common.Attribute[] =>
  (attributes ?? []).map(({ Name, Value = '' }) => ({ name: Name, value: Value }));

/** Names and values of an input as a map; the last of equal names wins. */
export const mapIn = (attributes: readonly AttributeType[] | undefined): Record<string, string> =>
  Object.fromEntries((attributes ?? []).map(({ Name, Value = '' }) => [Name, Value]));

/** A user's attributes, `sub` last as the service lists it. */
export const attributesOut = ({ attributes, sub }: wire.directory.User, shown: (name: string) => boolean = () => true): AttributeType[] =>
  [...attributes, { name: 'sub', value: sub }].filter(({ name }) => shown(name)).map(({ name, value }) => ({ Name: name, Value: value }));
