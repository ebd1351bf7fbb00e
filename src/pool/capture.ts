/** Captures the state of a running pool as data, for viewers that keep a history. */

import type { EventStore } from '../journal/event-store.ts';
import {
  Capture,
  type CaptureOptions,
  captureOptions,
  type PoolCapture,
} from '../machines/capture.ts';
import { BasePool } from './base-pool.ts';
import { checkPool } from './check-pool.ts';

/**
 * Starts to capture the current state of a pool: `JoinedCheckpoint` joins its parts to a checkpoint, and
 * `replay(events, { from })` continues from there with the events that follow.
 *
 * @throws TypeError unless `pool` is a pool.
 */
export function capture(pool: BasePool, options: CaptureOptions = {}): PoolCapture {
  checkPool('pool', pool);
  captureOptions.check('capture()', options);
  return new Capture(BasePool.coreOf(pool).door.state, options);
}

/** The read access to the store of a pool. */
export type StoredEvents = Pick<EventStore, 'read' | 'latestCheckpoint'>;

/**
 * The events in the store of a pool; undefined for a pool whose events are in memory only. Events that are not
 * written yet are in `pool.journal`.
 *
 * @throws TypeError unless `pool` is a pool.
 */
export function storedEvents(pool: BasePool): StoredEvents | undefined {
  checkPool('pool', pool);
  return BasePool.coreOf(pool).store;
}
