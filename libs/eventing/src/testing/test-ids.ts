import { createHash } from 'node:crypto';

import type { RequestIds } from '../execute.js';

const uuidOf = (text: string) => createHash('sha256').update(text).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** Ids in UUID form: the same for the same request key, purpose and number; without a key, new ones in a fixed order. */
export function testIds(): RequestIds {
  let made = 0;
  return {
    derive(requestKey, purpose, n) {
      if (requestKey !== undefined) return uuidOf(JSON.stringify([requestKey, purpose, n]));
      made += 1;
      return uuidOf(`random ${made}`);
    },
  };
}
