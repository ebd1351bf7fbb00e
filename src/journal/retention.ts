/** From where on events are kept when a snapshot stands for those before. */

import type { Prune } from './event-store.ts';

/** The events of a store. */
interface Held {
  readonly firstSeq: number;
  readonly nextSeq: number;
  /** The time of an event that is held. */
  readonly at: (seq: number) => number | Promise<number>;
}

/** @throws TypeError, RangeError if it makes no sense. */
export function checkPrune(prune: Prune): void {
  if (typeof prune === 'boolean') return;
  const { keepLast, keepSince } = Object(prune) as { keepLast?: number; keepSince?: number };
  if ((keepLast === undefined) === (keepSince === undefined)) {
    const got = JSON.stringify(prune);
    throw new TypeError(
      `expected prune to be a boolean, { keepLast } or { keepSince }, got ${got}`,
    );
  }
  if (keepLast !== undefined && !(Number.isSafeInteger(keepLast) && keepLast >= 0)) {
    throw new RangeError(`expected keepLast to be a whole number from 0 on, got ${keepLast}`);
  }
  if (keepSince !== undefined && !Number.isFinite(keepSince)) {
    throw new RangeError(`expected keepSince to be milliseconds since the epoch, got ${keepSince}`);
  }
}

/** The first `seq` to keep when there is a snapshot of the event `seq`. */
export async function firstToKeep(prune: Prune, seq: number, held: Held): Promise<number> {
  if (prune === false) return held.firstSeq;
  if (prune === true) return seq + 1;
  const first =
    'keepLast' in prune ? held.nextSeq - prune.keepLast : await firstSince(prune.keepSince, held);
  return Math.min(seq + 1, first);
}

/** The first event from a time on; found by halving, since clocks hardly ever run backwards. */
async function firstSince(time: number, { firstSeq, nextSeq, at }: Held): Promise<number> {
  let low = firstSeq;
  let high = nextSeq;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await at(middle)) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
