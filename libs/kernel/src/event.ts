/** Carries a type to where only values can stand. */
export interface TypeOf<T> {
  readonly type?: T;
}
export const typeOf = <T>(): TypeOf<T> => ({});

/**
 * An event as deciders make and read it. `personal` is what identifies or describes a person: it is sealed under that
 * person's own key when stored, and `null` once the key is destroyed.
 */
export interface DomainEvent<Type extends string = string, Data = unknown, Personal = unknown> {
  readonly type: Type;
  readonly version: number;
  readonly data: Data;
  readonly personal?: Personal | null;
}

/** How one type of event is made, and how each version ever stored of it is read. */
export interface EventDefinition<Type extends string, Data, Personal> {
  (data: Data, ...personal: Personal extends undefined ? [] : [personal: Personal]): DomainEvent<Type, Data, Personal>;
  readonly type: Type;
  readonly version: number;
  /**
   * Data of a stored event, brought to the newest version one step at a time.
   * @throws {RangeError} for a version from the future, or below 1: a reader stops rather than guess
   */
  read(data: unknown, version: number): Data;
}

type Upcasters = Readonly<Record<number, (data: never) => unknown>>;

/**
 * Defines an event: a dotted past-tense stored name, its newest version and one upcaster per older version
 * (`upcast[n]` takes version n to n + 1).
 */
export function defineEvent<const Type extends string, Data, Personal = undefined>(
  type: Type,
  options: { data: TypeOf<Data>; personal?: TypeOf<Personal>; version?: number; upcast?: Upcasters },
): EventDefinition<Type, Data, Personal> {
  const version = options.version ?? 1;
  const make = (data: Data, personal?: Personal): DomainEvent<Type, Data, Personal> =>
    personal === undefined ? { type, version, data } : { type, version, data, personal };
  return Object.assign(make as unknown as EventDefinition<Type, Data, Personal>, {
    type,
    version,
    read(data: unknown, stored: number): Data {
      if (!Number.isInteger(stored) || stored < 1 || stored > version) throw new RangeError(`${type} has no version ${stored}`);
      let value = data;
      for (let step = stored; step < version; step++) {
        const upcast = options.upcast?.[step];
        if (!upcast) throw new RangeError(`${type} cannot be read from version ${step}`);
        value = upcast(value as never);
      }
      return value as Data;
    },
  });
}

/** The union of the events that a record of definitions makes. */
export type EventOf<Definitions extends Readonly<Record<string, (...args: never[]) => DomainEvent>>> =
  ReturnType<Definitions[keyof Definitions]>;
