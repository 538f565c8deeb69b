import type { Delivery } from './delivery.js';

/** Texts that a pool sets for one kind of message; what it does not set has Cognito's text. */
export interface Template {
  readonly EmailSubject?: string | undefined;
  readonly EmailMessage?: string | undefined;
  readonly SmsMessage?: string | undefined;
}

export interface RenderedMessage {
  /** E-mail only. */
  readonly subject?: string;
  readonly body: string;
}

/** What stands for `{####}` and `{username}`. */
export interface Insertions {
  readonly code: string;
  readonly username: string;
}

/** @see defaults of VerificationMessageTemplate and InviteMessageTemplate, as the console of Cognito shows them */
const defaults = {
  verification: {
    EmailSubject: 'Your verification code',
    EmailMessage: 'Your verification code is {####}.',
    SmsMessage: 'Your verification code is {####}.',
  },
  invitation: {
    EmailSubject: 'Your temporary password',
    EmailMessage: 'Your username is {username} and temporary password is {####}.',
    SmsMessage: 'Your username is {username} and temporary password is {####}.',
  },
} as const;

/** A message as it is sent. Mail is HTML: what is inserted is escaped, or a user's name could write the mail (E12). */
export function rendered(kind: keyof typeof defaults, template: Template, { medium }: Pick<Delivery, 'medium'>, { code, username }: Insertions): RenderedMessage {
  const inserted = (text: string, as: (value: string) => string) =>
    text.replace(/\{(####|username)\}/g, (_, placeholder: string) => as(placeholder === 'username' ? username : code));
  const plain = (value: string) => value;
  const { EmailSubject, EmailMessage, SmsMessage } = defaults[kind];
  if (medium === 'SMS') return { body: inserted(template.SmsMessage ?? SmsMessage, plain) };
  return {
    subject: inserted(template.EmailSubject ?? EmailSubject, oneLine),
    body: inserted(template.EmailMessage ?? EmailMessage, escaped),
  };
}

const oneLine = (value: string): string => value.replace(/\p{Cc}/gu, ' ');

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (value: string): string => value.replace(/[&<>"']/g, (character) => entities[character] ?? character);
