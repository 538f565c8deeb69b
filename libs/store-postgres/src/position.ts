import type { Position } from '@rollcall/eventing';

/** Order of commits as readers see it: transaction id (plus base), then a sequence within the transaction. */
export interface Place {
  readonly txid: number;
  readonly seq: number;
}

export const positionOf = ({ txid, seq }: Place): Position => `${txid}.${seq}` as Position;

/** @throws {TypeError} if the position is of another store */
export function placeOf(position: Position): Place {
  const [txid, seq, ...rest] = position.split('.').map(Number);
  if (!Number.isSafeInteger(txid) || !Number.isSafeInteger(seq) || rest.length > 0) throw new TypeError('not a position of this store');
  return { txid: txid as number, seq: seq as number };
}

export function comparePositions(a: Position, b: Position): number {
  const [left, right] = [placeOf(a), placeOf(b)];
  return left.txid - right.txid || left.seq - right.seq;
}
