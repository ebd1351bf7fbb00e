/** How a run came out, as a projection of its events. */

import type { Projection } from '../../../index.ts';

export interface Tally {
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** Whether there were items that were never begun, since the rest was cancelled. */
  readonly isCutShort: boolean;
}

/** Counts what has ended. */
export const tally: Projection<Tally> = {
  initial: (from) => {
    const { fulfilled = 0, rejected = 0, cancelled = 0 } = from?.totals ?? {};
    return { fulfilled, rejected, cancelled, isCutShort: false };
  },
  apply: (state, event) => {
    if (event.type === 'task.ended') return { ...state, [event.outcome]: state[event.outcome] + 1 };
    const isCut = event.type === 'group.cancelled' || event.type === 'group.failed';
    return isCut ? { ...state, isCutShort: true } : state;
  },
};
