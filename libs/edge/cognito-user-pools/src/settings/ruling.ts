import { AwsException } from '@rollcall/edge-aws-json';

import type { ExceptionName } from '../gen/operations.js';

/** Refused with any value but these; `because` is what the caller reads. */
interface Refused<Value> {
  readonly unless: readonly Value[];
  readonly because: string;
}

/**
 * What becomes of a setting:
 * - `acts`: Rollcall does what it says.
 * - `stored`: kept and shown again, without effect yet. Never for a setting that restricts who gets in.
 * - `refused`: would restrict who gets in, or promise what is not kept, and is not built.
 * - `of`, `each`: ruled member by member, or item by item.
 */
export type Ruling<Value> =
  | 'acts'
  | 'stored'
  | Refused<Value>
  | (Value extends readonly (infer Item)[] ? { readonly each: Ruling<Item> } : Value extends object ? { readonly of: Rulings<Value> } : never);

/** A ruling for every member: a member that is new to the API does not compile until somebody has ruled on it. */
export type Rulings<Input> = { readonly [Member in keyof Input]-?: Ruling<NonNullable<Input[Member]>> };

export const refused = <const Value>(because: string, ...unless: readonly Value[]): Refused<Value> => ({ because, unless });

/** Why an input is refused. */
export interface Refusal {
  /** InvalidParameterException unless told. */
  readonly type?: ExceptionName;
  readonly reason: string;
}

/** Settings that go together or not: the refusal, or `undefined`. */
export type Rule<Input> = (input: Input) => Refusal | undefined;

type AnyRuling = 'acts' | 'stored' | Refused<unknown> | { readonly each: AnyRuling } | { readonly of: Readonly<Record<string, AnyRuling>> };

/** All that stands against an input: members first, in the table's order, then rules. */
export function refusalsOf<Input extends object>(rulings: Rulings<Input>, rules: readonly Rule<Input>[], input: Input): readonly Refusal[] {
  const members: Refusal[] = [];
  judge({ of: rulings as unknown as Readonly<Record<string, AnyRuling>> }, input, members);
  return [...members, ...rules.flatMap((rule) => rule(input) ?? [])];
}

function judge(ruling: AnyRuling, value: unknown, found: Refusal[]): void {
  if (value === undefined || ruling === 'acts' || ruling === 'stored') return;
  if ('because' in ruling) {
    if (!ruling.unless.includes(value)) found.push({ reason: ruling.because });
  } else if ('each' in ruling) {
    for (const item of value as readonly unknown[]) judge(ruling.each, item, found);
  } else {
    for (const [member, inner] of Object.entries(ruling.of)) judge(inner, (value as Readonly<Record<string, unknown>>)[member], found);
  }
}

/** @throws {AwsException} for the first refusal: as the API does, one at a time */
export function demandNone([first]: readonly Refusal[]): void {
  if (first) throw new AwsException(first.type ?? 'InvalidParameterException', first.reason);
}
