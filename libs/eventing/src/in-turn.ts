import { DomainError } from '@rollcall/kernel';

const lines = new Map<string, { tail: Promise<unknown>; length: number }>();

/**
 * Runs work on one key strictly one after another within this process. Where the key is a lock-out key this is a
 * security control: the conditional statement alone lets parallel guesses through that were judged before the wrong
 * ones among them counted.
 *
 * @throws {DomainError} `TooManyRequests` if `waiting` callers queue already
 */
export function inTurn<T>(key: string, work: () => Promise<T>, waiting = 4): Promise<T> {
  const line = lines.get(key) ?? { tail: Promise.resolve(), length: 0 };
  if (line.length > waiting) return Promise.reject(new DomainError('TooManyRequests'));
  lines.set(key, line);
  line.length += 1;
  const turn = line.tail.then(work);
  const leave = () => {
    line.length -= 1;
    if (line.length === 0) lines.delete(key);
  };
  line.tail = turn.then(leave, leave);
  return turn;
}
