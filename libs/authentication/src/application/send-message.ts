import { createHash } from 'node:crypto';

import type { CallContext, PoolSettings, wire } from '@rollcall/contracts';
import { DomainError } from '@rollcall/kernel';

import { confirmationDelivery, invitationDeliveries, type Delivery } from '../domain/delivery.js';
import { rendered, type Template } from '../domain/message.js';
import { attributesOf, userBySub } from './candidate.js';
import { poolContext } from './client-context.js';
import type { CodeKey } from './code-requests.js';
import { codeFor } from './confirmation-code.js';
import { readInvitation } from './invitations.js';
import type { AuthenticationNeeds } from './needs.js';
import type { DueSending } from './sendings.js';
import { triggerAt, type TriggerSource } from './triggers.js';

type User = wire.directory.User;
export type SendingNeeds = Pick<AuthenticationNeeds, 'directory' | 'notification' | 'trigger' | 'vault' | 'keys' | 'ids' | 'codeRequests' | 'clock'>;

/** What goes into a message, and where it goes. */
interface Content {
  readonly kind: 'verification' | 'invitation';
  readonly code: string;
  readonly deliveries: readonly Delivery[];
}

const hooks: Readonly<Record<DueSending['kind'], TriggerSource>> = {
  'sign-up': 'CustomMessage_SignUp',
  'resend-code': 'CustomMessage_ResendCode',
  invitation: 'CustomMessage_AdminCreateUser',
};

/**
 * Renders a due message and hands it over; or does nothing, where what it tells of did not happen or is over. All that
 * it needs is found or derived here, so that it can be tried again after any crash.
 */
export async function sendMessage(needs: SendingNeeds, due: DueSending, call: CallContext): Promise<void> {
  const { poolId, sub } = due;
  if (due.expiresAt <= needs.clock.now()) return;
  const [user, pool] = [await userBySub(needs, poolId, sub, call), await poolOf(needs, poolId, call)];
  if (!user || !pool) return;
  const content = due.kind === 'invitation' ? await invitation(needs, due, user) : await confirmation(needs, due, user, pool);
  if (!content) return;

  const template = await templateOf(needs, due, user, pool, call);
  for (const [n, delivery] of content.deliveries.entries()) {
    const message = rendered(content.kind, template, delivery, { code: content.code, username: shownName(user, pool) });
    await needs.notification.send({
      messageId: n === 0 ? due.messageId : furtherId(needs, due.messageId, n), poolId, sub, channel: delivery.medium === 'SMS' ? 'sms' : 'email', to: delivery.destination,
      purpose: due.kind, subject: message.subject, body: message.body, expiresAt: due.expiresAt,
      from: pool.EmailConfiguration.From, replyTo: pool.EmailConfiguration.ReplyToEmailAddress,
    }, call);
  }
}

async function poolOf({ directory }: SendingNeeds, poolId: string, call: CallContext): Promise<PoolSettings | undefined> {
  try {
    return await poolContext(directory, poolId, call);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'PoolNotFound') return undefined;
    throw error;
  }
}

async function confirmation(needs: SendingNeeds, { poolId, sub, requestId = '' }: DueSending, user: User, pool: PoolSettings): Promise<Content | undefined> {
  const delivery = confirmationDelivery(pool.AutoVerifiedAttributes, attributesOf(user));
  if (user.status !== 'UNCONFIRMED' || !delivery) return undefined;
  const key: CodeKey = { poolId, sub, purpose: 'sign-up' };
  if (!await needs.codeRequests.isAlive(key, requestId)) return undefined; // a later one has taken its place
  return { kind: 'verification', code: await codeFor(needs.keys, key, requestId, delivery), deliveries: [delivery] };
}

async function invitation({ vault }: SendingNeeds, due: DueSending, user: User): Promise<Content | undefined> {
  if (user.credentialId !== due.credentialId) return undefined; // not set after all, or another one since
  const password = await readInvitation(vault, due);
  const deliveries = invitationDeliveries(due.mediums, attributesOf(user));
  return password === undefined || 'missing' in deliveries ? undefined : { kind: 'invitation', code: password, deliveries };
}

/** The pool's texts, or those of its hook. */
async function templateOf({ trigger }: SendingNeeds, { kind, poolId, clientId }: DueSending, user: User, pool: PoolSettings, call: CallContext): Promise<Template> {
  const invite = pool.AdminCreateUserConfig.InviteMessageTemplate;
  const own: Template = kind === 'invitation' ? { EmailSubject: invite.EmailSubject, EmailMessage: invite.EmailMessage, SmsMessage: invite.SMSMessage } : pool.VerificationMessageTemplate;
  const answer = await triggerAt(trigger, hooks[kind], { poolId, clientId, username: user.username }, {
    userAttributes: Object.fromEntries(attributesOf(user)), codeParameter: '{####}', usernameParameter: '{username}', clientMetadata: {},
  }, call);
  const text = (member: string, otherwise: string | undefined) => (typeof answer[member] === 'string' ? answer[member] : otherwise);
  return { EmailSubject: text('emailSubject', own.EmailSubject), EmailMessage: text('emailMessage', own.EmailMessage), SmsMessage: text('smsMessage', own.SmsMessage) };
}

/** What a user signs in by: where that is an address, the user name is a UUID that nobody types. */
const shownName = (user: User, { UsernameAttributes }: PoolSettings): string => {
  const attributes = attributesOf(user);
  return UsernameAttributes.map((name) => attributes.get(name)).find((value) => value !== undefined) ?? user.username;
};

const furtherId = ({ ids }: SendingNeeds, messageId: string, n: number): string =>
  ids.derive(createHash('sha256').update(messageId).digest('hex'), 'message', n);
