import { AwsException, serialization } from './aws-exception.js';

/** Deepest nesting that is read. The API's own inputs stay below 10; documents (passkeys, branding) below 20. */
export const MAX_DEPTH = 32;

const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);
const QUOTE = 0x22;
const ESCAPE = 0x5c;

/**
 * The JSON object of a body; an empty body means `{}`. Members named `__proto__` are left out at every level, as unknown
 * members are, so that no copy of a value can change a prototype.
 *
 * @throws {AwsException} `SerializationException`: not UTF-8, not JSON, not an object, or nested deeper than 32
 */
export function parseBody(body: Uint8Array): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  // Before parsing, on the bytes: in UTF-8 no byte of a longer character equals one of these.
  if (depthOf(body) > MAX_DEPTH) throw serialization(`The request is nested deeper than ${MAX_DEPTH} levels.`);
  const value = parseJson(body);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw serialization('The request must be a JSON object.');
  return value as Readonly<Record<string, unknown>>;
}

/** The answer to a body that is too large; AWS has no error of its own for it in this protocol. */
export const tooLarge = (maxBytes: number): AwsException =>
  new AwsException('RequestEntityTooLargeException', `The request is larger than ${maxBytes} bytes.`);

function parseJson(body: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    if (/__proto__|\\u/.test(text)) dropPrototypes(value);
    return value;
  } catch {
    throw serialization('The request is not valid JSON.');
  }
}

function dropPrototypes(value: unknown): void {
  if (value === null || typeof value !== 'object') return;
  if (Object.hasOwn(value, '__proto__')) delete (value as Record<string, unknown>)['__proto__'];
  for (const inner of Object.values(value)) dropPrototypes(inner);
}

/** How deep brackets are nested outside of strings. */
function depthOf(body: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number;
    if (inString) {
      if (byte === ESCAPE) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPENING.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (CLOSING.has(byte)) depth--;
  }
  return deepest;
}
