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
 * Begins to take down the state of a pool as of now: `JoinedCheckpoint` makes a checkpoint of the parts,
 * and `replay(events, { from })` continues with the events that follow.
 *
 * @throws TypeError unless it is a pool.
 */
export function capture(pool: BasePool, options: CaptureOptions = {}): PoolCapture {
  checkPool('pool', pool);
  captureOptions.check('capture()', options);
  return new Capture(BasePool.stateOf(pool), options);
}

/** What can be read of the store of a pool. */
export type StoredEvents = Pick<EventStore, 'read' | 'latestCheckpoint'>;

/**
 * The events of a pool as far as its store holds them; undefined for a pool whose events are in memory
 * only. Those that are not written yet are in `pool.journal`.
 *
 * @throws TypeError unless it is a pool.
 */
export function storedEvents(pool: BasePool): StoredEvents | undefined {
  checkPool('pool', pool);
  return BasePool.storeOf(pool);
}
