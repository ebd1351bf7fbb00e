/** `given()`: journals as test fixtures. */

import {
  EVENT_VERSION,
  type EventFields,
  type EventType,
  MemoryStore,
  type PoolEvent,
} from '../index.ts';
import { checkFrom, checkIterable, checkText, refuse } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';

/** An event; of its envelope only the type is required. */
export type GivenEvent = {
  [T in EventType]: { readonly type: T; readonly at?: number } & EventFields[T];
}[EventType];

/** Options of {@link given}. */
export interface GivenOptions {
  /** The name of the pool. Default: `'given'`. */
  readonly pool?: string;
  /** When the first event was recorded, in milliseconds since the epoch. Default: 0. */
  readonly at?: number;
}

const OPTIONS = new OptionBag<GivenOptions>({
  pool: [checkText, 'name'],
  at: [checkFrom, 'start', 'now'],
});

/**
 * Creates a journal with some events, to be recovered, replayed, projected or simulated. An event without `at` has
 * the time of the previous one; a missing `pool.created` is added, for a `TaskPool` without a limit that retains
 * everything.
 *
 * @throws StoreGap, TypeError, RangeError for events that no journal can hold, or for invalid options.
 *
 * @example
 * ```ts
 * import { replay } from 'xstate-taskpool';
 * import { given } from 'xstate-taskpool/testing';
 *
 * const journal = given([
 *   { type: 'group.created', group: 'g', method: 'map', functionName: 'load', numConcurrent: 1 },
 *   { type: 'task.queued', id: 0, group: 'g', index: 0 },
 *   { type: 'task.started', id: 0 },
 * ]);
 * replay(journal).numRunning; // => 1
 * ```
 */
export function given(events: Iterable<GivenEvent>, options: GivenOptions = {}): MemoryStore {
  OPTIONS.check('given()', options);
  const { pool = 'given', at: start = 0 } = options;
  checkIterable('events', events);
  const list = [...events];
  if (list[0]?.type !== 'pool.created') list.unshift(CREATED);
  let at = start;
  const whole = list.map((event, seq) => {
    if (typeof event !== 'object' || event === null) refuse('an event', event);
    at = event.at ?? at;
    return { v: EVENT_VERSION, pool, seq, ...event, at } as PoolEvent;
  });
  const store = new MemoryStore({ size: Number.POSITIVE_INFINITY });
  store.appendNow(whole);
  return store;
}

const CREATED: GivenEvent = {
  type: 'pool.created',
  kind: 'TaskPool',
  poolSize: null,
  retain: 'all',
};
