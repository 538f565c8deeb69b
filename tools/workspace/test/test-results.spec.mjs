import { describe, expect, it } from '@jest/globals';

import { closingLine, jestTally, stepTally, sum } from '../test-results.mjs';

const file = (name, ...tests) => ({
  name: `/somewhere/libs/kernel/test/${name}`,
  status: tests.some(([status]) => status === 'failed') ? 'failed' : 'passed',
  assertionResults: tests.map(([status, fullName]) => ({ status, fullName })),
});
const report = (...testResults) => ({ testResults });

describe('the tally of a run', () => {
  it('counts tests, over runs and steps', () => {
    const unit = jestTally('unit', report(file('a.spec.ts', ['passed', 'a'], ['passed', 'b']), file('b.spec.ts', ['passed', 'c'])), 2);
    expect(closingLine(sum([stepTally('types', true), unit]))).toBe('4 passed, 0 failed, 0 skipped');
  });

  it('names what failed', () => {
    const tally = sum([stepTally('types', false), jestTally('unit', report(file('a.spec.ts', ['passed', 'a'], ['failed', 'b'])), 1)]);
    expect(closingLine(tally)).toBe('1 passed, 2 failed, 0 skipped');
    expect(tally.faults).toEqual(['types', 'libs/kernel/test/a.spec.ts: b']);
  });

  it('names what was skipped with its reason', () => {
    const tally = jestTally('e2e', report(file('a.spec.ts', ['passed', 'a'], ['pending', 'signs in by boto3 (skipped: no Python here)'])), 1);
    expect(closingLine(tally)).toBe('1 passed, 0 failed, 1 skipped');
    expect(tally.skips).toEqual(['libs/kernel/test/a.spec.ts: signs in by boto3 (skipped: no Python here)']);
  });

  it.each(['pending', 'todo', 'disabled'])('fails for a %s test without a reason', (status) =>
    expect(jestTally('unit', report(file('a.spec.ts', ['passed', 'a'], [status, 'b'])), 1)).toEqual({
      passed: 1, failed: 1, skips: [], faults: ['skipped without a reason: libs/kernel/test/a.spec.ts: b'],
    }));

  it('fails where a file could not be loaded', () =>
    expect(jestTally('unit', report({ ...file('a.spec.ts'), status: 'failed' }, file('b.spec.ts', ['passed', 'b'])), 2).failed).toBe(1));

  it('fails where a file on disk was not run', () => expect(jestTally('unit', report(file('a.spec.ts', ['passed', 'a'])), 2).faults).toEqual(['unit: 1 of 2 files were run']));
  it('fails where no test was found', () => expect(jestTally('unit', report(file('a.spec.ts')), 1).faults).toEqual(['unit: no test was found']));
  it('fails where there is no report', () => expect(jestTally('unit', undefined, 1)).toMatchObject({ passed: 0, failed: 1 }));
});
