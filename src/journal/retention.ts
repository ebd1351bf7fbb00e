/** Determines which events to keep when a checkpoint replaces the earlier ones. */

import type { PoolEvent } from '../events/events.ts';
import { checkCount, checkFinite, refuse } from '../kit/checks.ts';
import { read } from '../kit/realms.ts';
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
export function checkPrune(prune: unknown): void {
  if (typeof prune === 'boolean') return;
  const [keepLast, keepSince] = [read(prune, 'keepLast'), read(prune, 'keepSince')];
  if ((keepLast === undefined) === (keepSince === undefined)) {
    refuse('prune to be a boolean, { keepLast } or { keepSince }', prune);
  }
  if (keepLast !== undefined) checkCount('keepLast', keepLast);
  if (keepSince !== undefined) checkFinite('keepSince', keepSince);
}

/** The first `seq` to keep if there is a checkpoint of the event `seq`. */
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
 * The first event at or after a time. All events are checked in order, since the clock may have been set back or
 * forward: no event at or after the time is dropped.
 */
async function firstSince(time: number, seq: number, { firstSeq, read }: Held): Promise<number> {
  for await (const events of read(firstSeq, seq)) {
    for (const event of events) if (event.at >= time) return event.seq;
  }
  return seq + 1;
}
