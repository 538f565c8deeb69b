import type { PasswordRules } from './password-policy.js';

/** Without characters that are easily taken for others, or that mean something in a mail. */
const classes = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!#$%*+-=?@^_~'];
const SHORTEST = 12;

/**
 * A temporary password that every policy of that length accepts: it has characters of all four classes.
 * @param draw a random integer from 0 to below its argument, all equally likely
 */
export function generatedPassword({ MinimumLength }: Pick<PasswordRules, 'MinimumLength'>, draw: (below: number) => number): string {
  const of = (alphabet: string) => alphabet.charAt(draw(alphabet.length));
  const length = Math.max(SHORTEST, MinimumLength);
  const characters = [...classes.map(of), ...Array.from({ length: length - classes.length }, () => of(classes.join('')))];
  for (let last = characters.length - 1; last > 0; last--) { // Fisher-Yates, or the classes would stand in order
    const other = draw(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? '', characters[last] ?? ''];
  }
  return characters.join('');
}
