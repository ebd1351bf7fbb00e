/** Restores what limits had counted, and which limits each group uses. */

import type { LimitNumbers } from '../../events/events.ts';
import { RecentTimes } from '../../kit/recent-times.ts';
import { termsOf } from '../admission/limit-options.ts';
import type { GroupLimits } from '../admission/terms.ts';
import type { Core } from '../core.ts';
import type { Group, Task } from '../live/live.ts';

/**
 * Restores the starts that rates count, and pauses of keys until their end.
 *
 * @param diedAt the time of the last event: the clock may have been set back since, or be that of another machine.
 */
export function* restoreLimits(
  { admission, door }: Core,
  diedAt: number,
): Generator<undefined, void> {
  const { at, elapsed: now } = door.turn;
  for (const [name, { numbers, keys }] of door.state.limits ?? []) {
    const limit = admission.limits?.get(name);
    if (limit === undefined) continue;
    const per = numbers.rate?.per ?? 0;
    for (const { key: value, starts, pausedUntil } of keys) {
      yield;
      const key = limit.key(value);
      const left = pausedUntil - Math.max(at, diedAt);
      if (left > 0) key.pausedUntil = now + left;
      key.starts = new RecentTimes();
      for (const start of starts.after(at - per)) {
        // No start may be in the future.
        key.starts.add(now + Math.min(0, start - at), now - per);
      }
      limit.release(key, () => now);
    }
  }
}

/** Changes or adds the limits of the options; equal ones are left alone. */
export function changeLimits(core: Core, limits: Readonly<Record<string, LimitNumbers>>): void {
  for (const [name, numbers] of Object.entries(limits)) {
    const before = core.door.state.limits?.get(name)?.numbers;
    if (JSON.stringify(before) !== JSON.stringify(numbers)) core.changeLimit(name, numbers);
  }
}

/** Counts a running task that was started by another process; rates have already counted its start. */
export function countRunning({ admission }: Core, task: Task): void {
  const { keys } = task.notes;
  if (keys === undefined) return;
  admission.claim(task, keys);
  task.holdsKeys = true;
  for (const key of task.keys ?? []) key.running++;
}

/** Applies its limits to a group; `limits` contains the functions among its keys, and additional limits. */
export function limitAgain({ calls, door }: Core, group: Group, limits: GroupLimits): void {
  const stated = group.identity.kind.terms;
  const keys = { ...limits };
  for (const [name, key] of Object.entries(stated?.limits ?? {})) keys[name] = key ?? limits[name];
  calls.limit(group, termsOf(keys, door.state.limits?.names ?? []), stated?.lookahead);
}
