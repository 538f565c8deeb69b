import { randomInt } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { generatedPassword } from '../src/domain/generated-password.js';
import { brokenPasswordRule } from '../src/domain/password-policy.js';

const strict = { MinimumLength: 8, RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true };
const lax = { MinimumLength: 6, RequireUppercase: false, RequireLowercase: false, RequireNumbers: false, RequireSymbols: false };
const sentence = (text: string) => `Password did not conform with password policy: ${text}`;

describe('the password policy', () => {
  it.each([
    ['Ab1!xyz', 'Password not long enough'],
    ['ab1!wxyz', 'Password must have uppercase characters'],
    ['AB1!WXYZ', 'Password must have lowercase characters'],
    ['Abc!wxyz', 'Password must have numeric characters'],
    ['Abc1wxyz', 'Password must have symbol characters'],
    ['ÄÖ1!wxyz', 'Password must have uppercase characters'],
    ['Abc1wxy€', 'Password must have symbol characters'],
    [' Abc1wxy', 'Password must have symbol characters'],
    ['Abc1wxy ', 'Password must have symbol characters'],
  ])('refuses %p: %s', (password, text) => expect(brokenPasswordRule(password, strict)).toBe(sentence(text)));

  it.each('^$*.[]{}()?-"!@#%&/\\,><\':;|_~`+='.split(''))('takes %s for a symbol', (symbol) => expect(brokenPasswordRule(`Abc1wxy${symbol}`, strict)).toBeUndefined());
  it('takes a space inside for a symbol', () => expect(brokenPasswordRule('Abc1 wxyz', strict)).toBeUndefined());
  it('asks for no more than the pool does', () => expect(brokenPasswordRule('aaaaaa', lax)).toBeUndefined());
  it('counts characters, not code units', () => expect(brokenPasswordRule('😀😀😀', lax)).toBe(sentence('Password not long enough')));
});

describe('a generated password', () => {
  it('conforms with every policy', () => fc.assert(fc.property(fc.integer({ min: 6, max: 99 }), (MinimumLength) => {
    const password = generatedPassword({ MinimumLength }, randomInt);
    expect(brokenPasswordRule(password, { ...strict, MinimumLength })).toBeUndefined();
    expect(password.length).toBe(Math.max(12, MinimumLength));
  })));
  it('is another each time', () => expect(new Set(Array.from({ length: 50 }, () => generatedPassword(strict, randomInt))).size).toBe(50));
});
