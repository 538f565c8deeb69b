/**
 * What a run of tests came to. Each step (types, lint …) counts as one test.
 * @typedef {{ passed: number, failed: number, skips: string[], faults: string[] }} Tally
 */

/** @returns {Tally} */
export const stepTally = (name, ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skips: [], faults: ok ? [] : [name] });

/**
 * @param {string} name of the run @param {any} report jest's JSON, `undefined` if it wrote none
 * @param {number} files spec files of this kind on disk: every one must have run
 * @returns {Tally}
 */
export function jestTally(name, report, files) {
  if (report === undefined) return { passed: 0, failed: 1, skips: [], faults: [`${name}: did not come to an end`] };
  const tests = report.testResults.flatMap((file) => file.assertionResults.map((test) => ({ ...test, title: `${file.name.slice(file.name.search(/(apps|libs|tools)\//))}: ${test.fullName}` })));
  const idle = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  // A test says in its name why it does not run here; one that does not was forgotten, or shut out by an `only`.
  const faults = [
    ...report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).map((file) => `${name}: ${file.name} could not be run`),
    ...tests.filter(({ status }) => status === 'failed').map(({ title }) => title),
    ...idle.filter(({ fullName }) => !fullName.includes('skipped: ')).map(({ title }) => `skipped without a reason: ${title}`),
    ...(report.testResults.length === files ? [] : [`${name}: ${report.testResults.length} of ${files} files were run`]),
    ...(tests.length === 0 ? [`${name}: no test was found`] : []),
  ];
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: faults.length,
    skips: idle.filter(({ fullName }) => fullName.includes('skipped: ')).map(({ title }) => title),
    faults,
  };
}

/** @param {Tally[]} tallies @returns {Tally} */
export const sum = (tallies) => ({
  passed: tallies.reduce((total, { passed }) => total + passed, 0),
  failed: tallies.reduce((total, { failed }) => total + failed, 0),
  skips: tallies.flatMap(({ skips }) => skips),
  faults: tallies.flatMap(({ faults }) => faults),
});

/** The closing line. @param {Tally} tally */
export const closingLine = ({ passed, failed, skips }) => `${passed} passed, ${failed} failed, ${skips.length} skipped`;
