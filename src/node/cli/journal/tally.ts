/** How a run came out. */

import type { Journal } from './open-journal.ts';

export interface Tally {
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** Whether there were items that were never begun, since the rest was cancelled. */
  readonly isCutShort: boolean;
}

/** Counts what a journal says has ended. */
export async function tallyOf(journal: Journal): Promise<Tally> {
  const tally = { fulfilled: 0, rejected: 0, cancelled: 0, isCutShort: false };
  for await (const batch of journal.read()) {
    for (const event of batch) {
      if (event.type === 'task.ended') tally[event.outcome]++;
      else if (event.type === 'group.cancelled' || event.type === 'group.failed') {
        tally.isCutShort = true;
      }
    }
  }
  return tally;
}
