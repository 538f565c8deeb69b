/**
 * The one form of a user's name, by which it is compared, kept and shown: NFC, and case-folded where the pool does not
 * tell cases apart, so that no two people look alike (E8) and no answer shows how somebody else once typed it (K1).
 * Folding goes through upper case, which takes `ß` and `SS`, `ς` and `σ` together.
 */
export function nameForm(typed: string, caseSensitive: boolean): string {
  const composed = typed.normalize('NFC');
  return caseSensitive ? composed : composed.toUpperCase().toLowerCase().normalize('NFC');
}
