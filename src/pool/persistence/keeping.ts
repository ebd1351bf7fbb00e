/** The history in memory of a pool with a store, and checks that the store can be written to. */

import {
  EventHistory,
  type HistoryOptions,
  historyOptions,
  IN_MEMORY,
  type MemoryLimits,
} from '../../journal/event-history.ts';
import type { EventStore } from '../../journal/event-store.ts';
import { refuse } from '../../kit/checks.ts';
import { noHistory } from './journal.ts';

/** @throws TypeError if a store is read-only. */
export function checkWritable(store: EventStore): void {
  if ((store as { readonly readonly?: boolean }).readonly !== true) return;
  throw new TypeError('expected a store that was opened to write, got one that is read only');
}

/** @throws TypeError if a store holds events. */
export function checkEmpty(store: EventStore): void {
  // Stores written by users need not have it.
  const { nextSeq = 0 } = store as { readonly nextSeq?: number };
  if (nextSeq === 0) return;
  throw new TypeError(
    `expected an empty store, got one that holds ${nextSeq} events: recover the pool from it instead`,
  );
}

/**
 * The history in memory of a pool with a store: the store itself if it is in memory.
 *
 * @throws TypeError, RangeError for an invalid `history`.
 */
export function historyBeside(store: EventStore, history: MemoryLimits | undefined): EventHistory {
  if (history !== undefined) checkHistory('history', history);
  if (!(store instanceof EventHistory)) return new EventHistory(history);
  if (history === undefined) return store;
  throw noHistory();
}

/** Checks the limits of the history in memory, for which there is no default beside a store. */
export function checkHistory(name: string, history: unknown): void {
  const { size, bytes } = Object(history) as HistoryOptions;
  if (size === undefined && bytes === undefined) {
    refuse(`${name} to have a size or bytes`, history);
  }
  historyOptions.check(IN_MEMORY, history, `${name}.`);
}
