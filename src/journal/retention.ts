/** From where on events are kept when a snapshot stands for those before. */

import type { PoolEvent } from '../events/events.ts';
import type { Prune } from './event-store.ts';

/** The events of a store. */
interface Held {
  readonly firstSeq: number;
  readonly nextSeq: number;
  /** Events that are held, in batches. */
  readonly read: (
    fromSeq: number,
    toSeq: number,
  ) => Iterable<readonly PoolEvent[]> | AsyncIterable<readonly PoolEvent[]>;
}

/** @throws TypeError, RangeError if it is invalid. */
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
    'keepLast' in prune
      ? held.nextSeq - prune.keepLast
      : await firstSince(prune.keepSince, seq, held);
  return Math.min(seq + 1, first);
}

/**
 * The first event that is as late as a time, or later. All before it are looked at: a clock that was
 * set back has made later events that are earlier, and one that was set forward earlier ones that
 * are later. None that is late enough is dropped.
 */
async function firstSince(time: number, seq: number, { firstSeq, read }: Held): Promise<number> {
  for await (const events of read(firstSeq, seq)) {
    for (const event of events) if (event.at >= time) return event.seq;
  }
  return seq + 1;
}
