/** For the `default` of an exhaustive switch: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new TypeError(`unexpected value of kind ${typeof value}`);
}
