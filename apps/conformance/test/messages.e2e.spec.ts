import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { administrator, app } from '../src/clients.js';
import { eventually } from '../src/eventually.js';
import { newDataDir, removeDataDir, startRollcall } from '../src/rollcall-process.js';
import { attributes, codeIn, newDoor, openScene, PASSWORD, type Scene } from '../src/scene.js';
import { signInByPassword, type Door } from '../src/sign-in.js';
import { smsReceiver, type SmsReceiver } from '../src/sms-receiver.js';
import { smtpSink } from '../src/smtp-sink.js';

describe('messages', () => {
  let scene: Scene;
  let texts: SmsReceiver;
  beforeAll(async () => {
    texts = await smsReceiver((n) => (n === 0 ? 503 : 204));
    scene = await openScene({ ROLLCALL_SMS_WEBHOOK_URL: texts.url });
  });
  afterAll(async () => {
    await scene.close();
    await texts.close();
  });
  const signUp = (door: Door, Username: string, given: Readonly<Record<string, string>>) =>
    scene.app.signUp({ ClientId: door.clientId, Username, Password: PASSWORD, UserAttributes: attributes(given) });
  const textTo = (number: string) => eventually(async () => texts.posted.findLast(({ text }) => text.to === number));

  it('go by mail in the pool\'s words, from whom and to be answered to whom the pool says', async () => {
    const door = await newDoor(scene.admin, {
      AutoVerifiedAttributes: ['email'],
      EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/example.com', From: 'Pool <pool@example.com>', ReplyToEmailAddress: 'help@example.com' },
      VerificationMessageTemplate: { EmailSubject: 'Welcome, {username}', EmailMessage: 'Dear {username},<br>your number is {####}.', DefaultEmailOption: 'CONFIRM_WITH_CODE' },
      AdminCreateUserConfig: { InviteMessageTemplate: { EmailSubject: 'Come in', EmailMessage: 'You are {username}, say {####} at the door.' } },
    });
    await signUp(door, 'ada', { email: 'ada@example.com' });
    expect(await scene.mail.mailTo('ada@example.com')).toMatchObject({
      from: 'Pool <pool@example.com>', replyTo: 'help@example.com', subject: 'Welcome, ada', body: expect.stringMatching(/^Dear ada,\r?\nyour number is \d{6}\.\s*$/),
    });
    await scene.admin.adminCreateUser({ UserPoolId: door.poolId, Username: 'bob', UserAttributes: attributes({ email: 'bob@example.com' }), TemporaryPassword: 'Door&word<7>', DesiredDeliveryMediums: ['EMAIL'] });
    expect(await scene.mail.mailTo('bob@example.com')).toMatchObject({ subject: 'Come in', body: expect.stringMatching(/^You are bob, say Door&word<7> at the door\.\s*$/) });
  });

  it('go by text message through a web hook that can tell that they are ours, again until it takes them', async () => {
    const door = await newDoor(scene.admin, { AutoVerifiedAttributes: ['phone_number'], SmsVerificationMessage: '{####} is your number' });
    expect(await signUp(door, 'ada', { phone_number: '+15550101234' })).toMatchObject({
      CodeDeliveryDetails: { AttributeName: 'phone_number', DeliveryMedium: 'SMS', Destination: '+*******1234' },
    });
    await eventually(async () => (texts.posted.length > 1 ? true : undefined));
    const [refused, taken] = texts.posted;
    expect(taken?.text).toEqual({ to: '+15550101234', message: expect.stringMatching(/^\d{6} is your number$/), poolId: door.poolId, purpose: expect.any(String), messageId: expect.any(String) });
    expect(taken?.text).toEqual(refused?.text);
    const key = Buffer.from((await readFile(`${scene.rollcall.dataDir}/sms-webhook-key`, 'utf8')).trim(), 'hex');
    expect(texts.posted.map((each) => each.isSignedBy(key))).toEqual([true, true]);
    expect(taken?.isSignedBy(Buffer.alloc(32))).toBe(false);
    await scene.app.confirmSignUp({ ClientId: door.clientId, Username: 'ada', ConfirmationCode: codeIn({ body: taken?.text.message ?? '' }) });
    expect((await scene.admin.adminGetUser({ UserPoolId: door.poolId, Username: 'ada' })).UserAttributes).toContainEqual({ Name: 'phone_number_verified', Value: 'true' });
  });

  it('invite by text message unless told otherwise, and by both where both are told', async () => {
    const door = await newDoor(scene.admin);
    const invite = (Username: string, rest: object) => scene.admin.adminCreateUser({ UserPoolId: door.poolId, Username, TemporaryPassword: PASSWORD, ...rest });
    const mailsTo = (address: string) => scene.mail.mails.filter(({ to }) => to === address).length;
    await invite('by-text', { UserAttributes: attributes({ phone_number: '+15550102222', email: 'by-text@example.com' }) });
    expect((await textTo('+15550102222')).text.message).toBe(`Your username is by-text and temporary password is ${PASSWORD}.`);
    await invite('by-both', { UserAttributes: attributes({ phone_number: '+15550103333', email: 'by-both@example.com' }), DesiredDeliveryMediums: ['SMS', 'EMAIL'] });
    await textTo('+15550103333');
    await scene.mail.mailTo('by-both@example.com');
    expect(mailsTo('by-text@example.com')).toBe(0);
    expect((await signInByPassword(scene.app, door, 'by-both', PASSWORD)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });

  it('wait for a mail server that is away, over a restart too, and nobody waits for them', async () => {
    const [dataDir, gone] = await Promise.all([newDataDir(), smtpSink()]);
    const port = Number(new URL(gone.url).port);
    await gone.close();
    const settings = { ROLLCALL_SMTP_URL: gone.url, ROLLCALL_MAIL_FROM: 'no-reply@rollcall.example' };
    const first = await startRollcall({ dataDir, settings });
    const door = await newDoor(administrator(first), { AutoVerifiedAttributes: ['email'] });
    await app(first).signUp({ ClientId: door.clientId, Username: 'ada', Password: PASSWORD, UserAttributes: attributes({ email: 'ada@example.com' }) });
    expect(await first.stop()).toBe(0);

    const [second, mail] = await Promise.all([startRollcall({ dataDir, settings }), smtpSink(port)]);
    try {
      const ConfirmationCode = codeIn(await mail.mailTo('ada@example.com'));
      await app(second).confirmSignUp({ ClientId: door.clientId, Username: 'ada', ConfirmationCode });
      expect((await administrator(second).adminGetUser({ UserPoolId: door.poolId, Username: 'ada' })).UserStatus).toBe('CONFIRMED');
    } finally {
      await second.stop();
      await mail.close();
      await removeDataDir(dataDir);
    }
  });
});
