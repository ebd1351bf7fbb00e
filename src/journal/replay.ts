/** Rebuilds the state of a pool from its events. */

import type { PoolEvent } from '../events/events.ts';
import { checkIterable } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import {
  Capture,
  type CaptureOptions,
  captureOptions,
  dehydrate,
  type PoolCapture,
} from '../machines/capture.ts';
import type { PoolCheckpoint } from '../machines/checkpoint.ts';
import {
  type PoolSnapshot,
  type SnapshotOptions,
  takeSnapshot,
} from '../machines/pool-snapshot.ts';
import type { PoolState } from '../machines/pool-state.ts';
import type { Projection } from '../machines/projection.ts';
import { checkCheckpoint, checkUntil } from './check-options.ts';
import type { EventHistory } from './event-history.ts';
import { Fold, PLAIN_RECORDS } from './fold.ts';

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** The `seq` of the last event to apply. Default: the last one given. */
  readonly until?: number;
  /** The checkpoint before the first event. Default: none, the events start at `seq` 0. */
  readonly from?: PoolCheckpoint;
}

const replayOptions = new OptionBag<ReplayOptions>({
  until: [checkUntil, 'to', 'toSeq', 'end', 'last'],
  from: [checkCheckpoint, 'checkpoint', 'snapshot', 'state', 'start'],
});

/** The state of a pool, rebuilt from its events. */
export interface RebuiltPool {
  /** The `seq` of the last event applied; -1 before the first one. */
  readonly seq: number;
  /**
   * Applies the events of a journal in memory up to `toSeq`: several times as fast as calling `apply` of
   * {@link rebuilding} for each.
   *
   * @throws StorePruned if the next event is no longer held.
   */
  advance(journal: EventHistory, toSeq: number): void;
  /**
   * The result of `pool.snapshot()` after that event.
   *
   * @throws TypeError before the first event.
   */
  snapshot(options?: SnapshotOptions): PoolSnapshot;
  /**
   * The state as a checkpoint from which to continue later.
   *
   * @param options with `ended`, only that many ended tasks: such a checkpoint is for display, not to continue from.
   * @throws TypeError before the first event.
   */
  checkpoint(options?: CaptureOptions): PoolCheckpoint;
  /**
   * The current state in parts, unaffected by events that are applied in the meantime.
   *
   * @throws TypeError before the first event.
   */
  capture(options?: CaptureOptions): PoolCapture;
}

class Rebuilt implements RebuiltPool {
  readonly fold: Fold<PlainTask, PlainGroup>;

  constructor(fold: Fold<PlainTask, PlainGroup>) {
    this.fold = fold;
  }

  get seq(): number {
    return this.fold.state?.seq ?? -1;
  }

  advance(journal: EventHistory, toSeq: number): void {
    this.fold.advance(journal, toSeq);
  }

  snapshot(options: SnapshotOptions = {}): PoolSnapshot {
    return takeSnapshot(this.#state, options);
  }

  checkpoint(options: CaptureOptions = {}): PoolCheckpoint {
    captureOptions.check('checkpoint()', options);
    return dehydrate(this.#state, options);
  }

  capture(options: CaptureOptions = {}): PoolCapture {
    captureOptions.check('capture()', options);
    return new Capture(this.#state, options);
  }

  get #state(): PoolState {
    const { state } = this.fold;
    if (state === undefined) throw new TypeError('expected at least one event to replay, got none');
    return state;
  }
}

type PlainTask = ReturnType<(typeof PLAIN_RECORDS)['task']>;
type PlainGroup = ReturnType<(typeof PLAIN_RECORDS)['group']>;

/**
 * The whole state of a pool as a projection. `apply` throws StoreGap for an event that is not the next one, and
 * IllegalTransition for one that is impossible in the current state.
 */
export const rebuilding: Projection<RebuiltPool> = {
  initial: (from) => new Rebuilt(new Fold(PLAIN_RECORDS, from)),
  apply: (state, event) => {
    (state as Rebuilt).fold.apply(event);
    return state;
  },
};

/** Like `rebuilding.initial(from)`, with turns of the event loop in between, since there may be many tasks. */
export async function rebuildFrom(from?: PoolCheckpoint): Promise<RebuiltPool> {
  return new Rebuilt(await Fold.begin(PLAIN_RECORDS, from));
}

/**
 * The state after the given events, which start at `seq` 0 or follow `from`: equal to `pool.snapshot()` when the last
 * of them was recorded. Events of older versions are supported.
 *
 * @throws StoreGap if the events do not start there or one is missing, TypeError if there are none and no `from`,
 * IllegalTransition if one is impossible in the current state, RangeError for an unknown type or version.
 */
export function replay(events: Iterable<PoolEvent>, options: ReplayOptions = {}): PoolSnapshot {
  checkIterable('events', events);
  replayOptions.check('replay()', options);
  return rebuild(events, options).snapshot();
}

/** Like {@link replay}, but returns a checkpoint to continue from: `replay(rest, { from })`. */
export function checkpointOf(
  events: Iterable<PoolEvent>,
  options: ReplayOptions = {},
): PoolCheckpoint {
  checkIterable('events', events);
  replayOptions.check('checkpointOf()', options);
  return rebuild(events, options).checkpoint();
}

function rebuild(events: Iterable<PoolEvent>, options: ReplayOptions): RebuiltPool {
  const { until = Number.POSITIVE_INFINITY, from } = options;
  let state = rebuilding.initial(from);
  for (const event of events) {
    // `apply` refuses values that are no events.
    if (event?.seq > until) break;
    state = rebuilding.apply(state, event);
  }
  return state;
}
