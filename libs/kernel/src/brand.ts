declare const brand: unique symbol;

/** A value of `Base` that only its constructor function hands out, so that ids and units cannot be mixed up. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
