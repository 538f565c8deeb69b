import type { Json } from '@rollcall/kernel';
import { open, seal, SealBroken, type SealingKey } from './seal.js';
import { decodeBase64, decodeBase64Url } from './strict-base64.js';

/** The longest Session that older clients accept; ours never exceed it. */
export const SEALED_TEXT_MAX_CHARACTERS = 2_048;

/**
 * How a sealed text is written. A SECRET_BLOCK must be `base64`: clients decode it with their standard decoder, which in a
 * browser refuses base64url and in Python silently skips its two other characters. Everything else is `base64url`.
 */
export type TextForm = 'base64url' | 'base64';

/**
 * Seals a value into a text that only `openText` with the same key, purpose and form reads.
 *
 * @param purpose what the text is for, such as `session/v1`: one kind of token never passes as another
 * @throws {RangeError} above 2,048 characters (some 1,500 bytes of JSON)
 */
export function sealText(key: SealingKey, purpose: string, value: Json, form: TextForm = 'base64url'): string {
  const text = seal(key, Buffer.from(JSON.stringify(value), 'utf8'), aadOf(purpose)).toString(form);
  if (text.length > SEALED_TEXT_MAX_CHARACTERS) throw new RangeError(`a sealed ${purpose} would have ${text.length} characters`);
  return text;
}

/** @returns the value, or undefined if the text is not ours, was made for another purpose, or was changed, cut or lengthened */
export function openText(key: SealingKey, purpose: string, text: string, form: TextForm = 'base64url'): unknown {
  if (text.length > SEALED_TEXT_MAX_CHARACTERS) return undefined;
  const blob = form === 'base64' ? decodeBase64(text) : decodeBase64Url(text);
  if (!blob) return undefined;
  try {
    return JSON.parse(open(key, blob, aadOf(purpose)).toString('utf8'));
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}

const aadOf = (purpose: string): string => `text/v1|${purpose}`;
