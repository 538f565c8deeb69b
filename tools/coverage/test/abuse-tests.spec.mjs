import { describe, expect, it } from '@jest/globals';

import { abuseTestsIn } from '../abuse-tests.mjs';

const ids = (text) => abuseTestsIn(text).map(({ id }) => id);

describe('tests that name an abuse case', () => {
  it.each([
    ["it('B7: a refresh is refused', () => {", ['B7']],
    ['describe("C20: passwords", () => {', ['C20']],
    ["it.each([1, 2])('D1: A is %s times N', (n) => {", ['D1']],
    ["it(\n    'K4: each call', async () => {", ['K4']],
    ["it('C7, E3: guesses', () => {", ['C7', 'E3']],
  ])('count: %s', (text, expected) => expect(ids(text)).toEqual(expected));

  it.each([
    "it.skip('B7: a refresh is refused', () => {", "it.todo('B7: later')", '// B7: a refresh', "const note = 'B7: a refresh';", "it('refuses B7: style ids', () => {", "it('B7 without a colon', () => {",
  ])('do not count: %s', (text) => expect(ids(text)).toEqual([]));
});
