import { DELAYED } from '../../../machines/charts.ts';
import type { PoolState } from '../../../machines/pool-state.ts';

/** How many tasks are looked at: there may be very many. */
const MOST = 2000;

/** In how many milliseconds the next delayed task is queued again; undefined if that is not known. */
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
