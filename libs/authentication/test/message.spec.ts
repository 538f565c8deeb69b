import { describe, expect, it } from '@jest/globals';

import { codeFrom } from '../src/domain/code.js';
import { confirmationDelivery, invitationDeliveries, masked } from '../src/domain/delivery.js';
import { rendered } from '../src/domain/message.js';

const both = new Map([['email', 'ada@example.com'], ['phone_number', '+15555551234']]);
const email = { attribute: 'email', medium: 'EMAIL', destination: 'ada@example.com' } as const;
const phone = { attribute: 'phone_number', medium: 'SMS', destination: '+15555551234' } as const;

describe('where a confirmation code goes', () => {
  it('is the phone number, where both are verified', () => expect(confirmationDelivery(['email', 'phone_number'], both)).toEqual(phone));
  it('is what the pool verifies', () => expect(confirmationDelivery(['email'], both)).toEqual(email));
  it('is what the user has', () => expect(confirmationDelivery(['email', 'phone_number'], new Map([['email', 'ada@example.com']]))).toEqual(email));
  it('is nowhere otherwise', () => {
    expect(confirmationDelivery([], both)).toBeUndefined();
    expect(confirmationDelivery(['email'], new Map([['email', '']]))).toBeUndefined();
  });
});

describe('where an invitation goes', () => {
  it('is the phone number without a wish', () => expect(invitationDeliveries([], both)).toEqual([phone]));
  it('is the mail without a wish and a number', () => expect(invitationDeliveries([], new Map([['email', 'ada@example.com']]))).toEqual([email]));
  it('is nowhere without any address', () => expect(invitationDeliveries([], new Map())).toEqual([]));
  it('is every medium asked for, once', () => expect(invitationDeliveries(['EMAIL', 'SMS', 'EMAIL'], both)).toEqual([email, phone]));
  it('names the address that a wish lacks', () => expect(invitationDeliveries(['SMS'], new Map([['email', 'a@b']]))).toEqual({ missing: 'phone_number' }));
});

describe('a masked destination', () => {
  it.each([
    [email, 'a***@e***'], [{ attribute: 'email', destination: '😀x@ö.example' }, '😀***@ö***'], [{ attribute: 'email', destination: 'a' }, 'a***@***'],
    [phone, '+*******1234'], [{ attribute: 'phone_number', destination: '+49' }, '+49'],
  ] as const)('of %p is %s', (delivery, text) => expect(masked(delivery)).toBe(text));
});

describe('a message', () => {
  const insertions = { code: '123456', username: 'ada' };
  it('has the texts of Cognito where the pool has none', () => {
    expect(rendered('verification', {}, email, insertions)).toEqual({ subject: 'Your verification code', body: 'Your verification code is 123456.' });
    expect(rendered('verification', {}, phone, insertions)).toEqual({ body: 'Your verification code is 123456.' });
    expect(rendered('invitation', {}, email, insertions)).toEqual({ subject: 'Your temporary password', body: 'Your username is ada and temporary password is 123456.' });
    expect(rendered('invitation', {}, phone, insertions)).toEqual({ body: 'Your username is ada and temporary password is 123456.' });
  });
  it('has the pool\'s texts', () => {
    const template = { EmailSubject: 'Hello {username}', EmailMessage: '<b>{####}</b> or {####}', SmsMessage: '{####} for {username}' };
    expect(rendered('verification', template, email, insertions)).toEqual({ subject: 'Hello ada', body: '<b>123456</b> or 123456' });
    expect(rendered('verification', template, phone, insertions)).toEqual({ body: '123456 for ada' });
  });
  it('E12: takes nothing that is inserted for markup, a header or a placeholder', () => {
    const evil = { code: `$&<&>"'{username}`, username: '<img src=x>{####}\r\nBcc: eve' };
    const template = { EmailSubject: '{username}', EmailMessage: '{username}: {####}', SmsMessage: '{####}' };
    expect(rendered('invitation', template, email, evil)).toEqual({
      subject: '<img src=x>{####}  Bcc: eve', body: '&lt;img src=x&gt;{####}\r\nBcc: eve: $&amp;&lt;&amp;&gt;&quot;&#39;{username}',
    });
    expect(rendered('invitation', template, phone, evil).body).toBe(`$&<&>"'{username}`);
  });
});

describe('a code', () => {
  it('keeps its leading zeros', () => expect(codeFrom(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7))).toBe('000007'));
  it('is the rest of the division by a million', () => expect(codeFrom(Uint8Array.of(0, 0, 0, 0, 0, 0x1e, 0x84, 0x81, 0xff))).toBe('000001'));
});
