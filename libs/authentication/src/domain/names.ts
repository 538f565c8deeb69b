/**
 * A typed name as it is compared: NFC, and case-folded in pools that do not tell cases apart, so that every spelling of
 * one name counts as one. Folding goes through upper case, which takes `ß` and `SS` together, as claims of names do.
 */
export function normalName(typed: string, caseSensitive: boolean): string {
  const composed = typed.normalize('NFC');
  return caseSensitive ? composed : composed.toUpperCase().toLowerCase().normalize('NFC');
}

/** Whether a name has the form of an address, which in some pools means somebody of another name. */
export const looksLikeAddress = (name: string): boolean => name.includes('@') || /^\+\d+$/.test(name);
