/** A projection of a run's events to its outcome counts. */

import type { Projection } from '../../index.ts';
import { retriesFailed } from './item-tasks.ts';

export interface Tally {
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** Whether items were never started because the rest was cancelled. */
  readonly isCutShort: boolean;
}

/** Counts ended items; of a retried item only the newest task. */
export const tally: Projection<Tally> = {
  initial: (from) => {
    const { fulfilled = 0, rejected = 0, cancelled = 0 } = from?.totals ?? {};
    return { fulfilled, rejected, cancelled, isCutShort: false };
  },
  apply: (state, event) => {
    if (retriesFailed(event)) return { ...state, rejected: 0, cancelled: 0, isCutShort: false };
    if (event.type === 'task.ended') return { ...state, [event.outcome]: state[event.outcome] + 1 };
    const isCut = event.type === 'group.cancelled' || event.type === 'group.failed';
    return isCut ? { ...state, isCutShort: true } : state;
  },
};
