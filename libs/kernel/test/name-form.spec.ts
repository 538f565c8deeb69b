import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { nameForm } from '../src/index.js';

const anyText = fc.string({ unit: 'grapheme' });

describe('the form of names', () => {
  it('E8: does not tell Unicode forms apart', () => {
    expect(nameForm('Ame\u0301lie', true)).toBe('Am\u00e9lie');
    expect(nameForm('AME\u0301LIE', false)).toBe('am\u00e9lie');
    fc.assert(fc.property(anyText, fc.boolean(), (text, caseSensitive) => {
      expect(nameForm(text.normalize('NFD'), caseSensitive)).toBe(nameForm(text.normalize('NFC'), caseSensitive));
    }));
  });
  it('E8: tells cases apart only where the pool does', () => {
    expect(nameForm('Ada', true)).toBe('Ada');
    expect(nameForm('ADA@Example.com', false)).toBe('ada@example.com');
    fc.assert(fc.property(anyText, (text) => expect(nameForm(text.toUpperCase(), false)).toBe(nameForm(text, false))));
  });
  it.each([['straße', 'STRASSE'], ['ΟΔΟΣ', 'οδος'], ['ﬁn', 'FIN'], ['Ǆ', 'ǆ']])('E8: folds %s and %s together', (one, other) =>
    expect(nameForm(one, false)).toBe(nameForm(other, false)));
  it('is its own form', () => fc.assert(fc.property(anyText, fc.boolean(), (text, caseSensitive) => {
    expect(nameForm(nameForm(text, caseSensitive), caseSensitive)).toBe(nameForm(text, caseSensitive));
  })));
});
