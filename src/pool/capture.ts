/** The state of a running pool as data, for those who keep histories of it. */

import { Capture } from '../machines/capture.ts';
import type { CheckpointPart } from '../machines/checkpoint-parts.ts';
import { BasePool } from './base-pool.ts';

/** The state of a pool after one of its events, taken down in parts while the pool runs on. */
export interface PoolCapture {
  /** The `seq` of the event that it is of. */
  readonly seq: number;
  /** The parts, for `JoinedCheckpoint`. May be called once; each part is made when it is asked for. */
  parts(): Iterable<CheckpointPart>;
  /** To be called when no more parts are wanted: until then each event costs the pool more. */
  end(): void;
}

/**
 * Begins to take down the state of a pool as of now: `JoinedCheckpoint` makes a checkpoint of the parts,
 * and `replay(events, { from })` continues with the events that follow.
 */
export function capture(pool: BasePool): PoolCapture {
  return new Capture(BasePool.stateOf(pool));
}
