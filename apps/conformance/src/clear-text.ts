import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A text that must not be found, and what it is. */
export type Canary = readonly [what: string, value: string | Uint8Array];

/** Every form in which a value may lie about: as it is, and as hex and base64 would show the middle of it. */
function formsOf(value: string | Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(value);
  if (bytes.byteLength < 16) return [bytes];
  // Base64 shows a value differently by where it begins in a group of three bytes; the outer characters depend on neighbours.
  const base64 = [0, 1, 2].map((offset) => Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '').slice(4, -4));
  const urlSafe = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [bytes, ...[bytes.toString('hex'), ...base64, ...urlSafe].map((text) => Buffer.from(text))];
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Whether it is there; a number within a longer one is another number. */
function holds(bytes: Buffer, form: Buffer): boolean {
  const isNumber = form.every(isDigit);
  for (let at = bytes.indexOf(form); at >= 0; at = bytes.indexOf(form, at + 1)) {
    if (!isNumber || !(isDigit(bytes[at - 1]) || isDigit(bytes[at + form.byteLength]))) return true;
  }
  return false;
}

/** Which of the values lie in clear in some text or file, as `<what> in <where>`. */
export function foundIn(where: string, bytes: Buffer, canaries: readonly Canary[]): readonly string[] {
  return canaries.filter(([, value]) => formsOf(value).some((form) => holds(bytes, form))).map(([what]) => `${what} in ${where}`);
}

/** The same for every file below a folder but those that are left out. */
export async function foundBelow(folder: string, canaries: readonly Canary[], leftOut: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (entry.isFile() && !leftOut.includes(name)) found.push(...foundIn(name, await readFile(path), canaries));
  }
  return found;
}
