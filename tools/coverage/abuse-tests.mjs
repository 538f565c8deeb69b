const naming = /(\.(?:skip|todo|failing)\b[^'"`\n]*)?\(\s*(?:['"`])(?<ids>[A-K]\d{1,2}(?:, ?[A-K]\d{1,2})*): (?<title>[^'"`\n]*)/g;

/**
 * Tests whose name begins with ids of abuse cases: `it('B7: a refresh after …')`, `describe('C7, E3: guesses …')`, also
 * of a table of cases. One that is switched off does not count.
 * @param {string} text of a spec @returns {{ id: string, title: string }[]}
 */
export const abuseTestsIn = (text) => [...text.matchAll(naming)]
  .filter(([, off]) => off === undefined)
  .flatMap(({ groups: { ids, title } }) => ids.split(/, ?/).map((id) => ({ id, title })));
