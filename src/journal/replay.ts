/** From events back to the state. */

import type { PoolEvent } from '../events.ts';
import { dehydrate, type PoolCheckpoint } from '../machines/checkpoint.ts';
import { type PoolSnapshot, takeSnapshot } from '../machines/pool-snapshot.ts';
import type { PoolState } from '../machines/pool-state.ts';
import { Fold, PLAIN_RECORDS } from './fold.ts';
import { replayOptions } from './option-names.ts';

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** The `seq` of the last event to apply. Default: the last one given. */
  readonly until?: number;
  /** The state before the first event, as a store has it. Default: the events start at `seq` 0. */
  readonly from?: PoolCheckpoint;
}

/**
 * The state after the given events, which start at `seq` 0, or follow `from`: equal to what
 * `pool.snapshot()` was when the last of them was recorded. Events of older versions are understood.
 *
 * @throws StoreGap if the events do not start there or one is missing, TypeError if there is none
 * and no `from`, IllegalTransition if one cannot have happened, RangeError for a type or version
 * there is not.
 */
export function replay(events: Iterable<PoolEvent>, options: ReplayOptions = {}): PoolSnapshot {
  replayOptions.check('replay()', options);
  return takeSnapshot(fold(events, options));
}

/** As {@link replay}, and gives the state as data to go on from: `replay(rest, { from })`. */
export function checkpointOf(
  events: Iterable<PoolEvent>,
  options: ReplayOptions = {},
): PoolCheckpoint {
  replayOptions.check('checkpointOf()', options);
  return dehydrate(fold(events, options));
}

function fold(events: Iterable<PoolEvent>, options: ReplayOptions): PoolState {
  const { until = Number.POSITIVE_INFINITY, from } = options;
  const folded = new Fold(PLAIN_RECORDS, from);
  for (const event of events) {
    if (event.seq > until) break;
    folded.apply(event);
  }
  const { state } = folded;
  if (state === undefined) throw new TypeError('expected at least one event to replay, got none');
  return state;
}
