/** Chooses the subject of a step among the existing ones. */

import type { TaskFact } from './facts.ts';
import type { SubFact } from './submitted.ts';
import type { World } from './world.ts';

/** Whether a submission is the one that is found by its key. */
export function isLatest({ submitted }: World) {
  return (sub: SubFact) => sub.key !== undefined && submitted.withKey(sub.key).at(-1) === sub;
}

export function liveTasks({ referee, groups }: World): TaskFact[] {
  return referee.tasks.filter(
    ({ state, group }) => state !== 'ended' && state !== 'cancelled' && groups.includes(group),
  );
}

export function pick<T>(all: readonly T[], which: number): T | undefined {
  return all[which % Math.max(1, all.length)];
}
