import { DELAYED } from '../../../machines/charts.ts';
import type { PoolState } from '../../../machines/pool-state.ts';

/** The maximum number of tasks that are searched. */
const MOST = 2000;

/** Milliseconds until the next delayed task is queued again; undefined if that is unknown. */
export function nextRetry(state: PoolState, now: number): number | undefined {
  let next = Number.POSITIVE_INFINITY;
  let looked = 0;
  for (const group of state.groups) {
    let unseen = group.delayed;
    for (let task = group.last; unseen > 0 && task !== undefined; task = group.previousOf(task)) {
      if (looked++ > MOST) return undefined;
      if (task.state !== DELAYED) continue;
      unseen--;
      next = Math.min(next, task.notes.retryAt ?? next);
    }
  }
  return Number.isFinite(next) ? Math.max(0, next - now) : undefined;
}
