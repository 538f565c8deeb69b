import { javaPattern } from '@rollcall/edge-aws-json';
import { describe, expect, it } from '@jest/globals';

import { facts } from '../src/gen/facts.js';
import { offered } from '../src/operations/offered.js';

describe('the facts of the API', () => {
  it('name 141 operations, 34 of them unsigned', () => {
    const operations = Object.values(facts.operations);
    expect([operations.length, operations.filter(({ signed }) => !signed).length]).toEqual([141, 34]);
  });

  it('hold no pattern that cannot be run in linear time', () => {
    const patterns = new Set(Object.values(facts.shapes).flatMap(({ pattern }) => pattern ?? []));
    expect(patterns.size).toBeGreaterThan(40);
    for (const pattern of patterns) expect(javaPattern(pattern)).toEqual(expect.any(Function));
  });

  // The names that are not offered yet: the list shrinks as rows are written, and shows what a newer API brings.
  it('leave 117 names without a row', () => {
    const open = Object.keys(facts.operations).filter((name) => !Object.hasOwn(offered, name));
    expect(open).toHaveLength(117);
    expect(open).toEqual(expect.arrayContaining(['ForgotPassword', 'ChangePassword', 'GetTokensFromRefreshToken', 'UpdateUserPool']));
  });
});
