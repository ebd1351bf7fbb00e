/** States with fewer of the tasks that have ended, of which there may be millions. */

import { type PoolCheckpoint, type PoolSnapshot, rebuilding } from '../../index.ts';

/** The same state with no more than so many tasks that have ended: those that did so last. */
export function withLastEnded(state: PoolCheckpoint, most: number): PoolCheckpoint {
  if (state.ended.length <= most) return state;
  const ended = most === 0 ? [] : state.ended.slice(-most);
  const kept = new Set(ended);
  const tasks = state.tasks.filter(({ id, state }) => state !== 'ended' || kept.has(id));
  return { ...state, ended, tasks };
}

/** The snapshot of a state; of one that was trimmed, it counts the whole. */
export function snapshotOf(kept: PoolCheckpoint, whole: PoolCheckpoint): PoolSnapshot {
  const snapshot = rebuilding.initial(kept).snapshot();
  return kept === whole ? snapshot : { ...snapshot, numEnded: whole.ended.length };
}
