import { describe, expect, it } from '@jest/globals';

import { generateCredentials, signatureV4DayKey } from '../src/adapters/access-key-material.js';

describe('the day key of an access key', () => {
  it('is that of AWS\'s own example', () =>
    expect(signatureV4DayKey('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', '20150830', 'us-east-1', 'iam').toString('hex'))
      .toBe('c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9'));
});

describe('a generated access key', () => {
  it('has the form of AWS and differs each time', () => {
    const [one, two] = [generateCredentials(), generateCredentials()];
    expect(one.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(one.secretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/);
    expect([two.accessKeyId, two.secretAccessKey]).not.toEqual(expect.arrayContaining([one.accessKeyId]));
    expect(two.secretAccessKey).not.toBe(one.secretAccessKey);
  });
});
