/** Cancels tasks, submissions and groups, and informs the reference about what has ended. */

import { isLatest, liveTasks, pick } from './choosing.ts';
import type { GroupFact, TaskFact } from './facts.ts';
import type { SubFact } from './submitted.ts';
import type { World } from './world.ts';

export function abort(world: World, which: number): void {
  const isLeft = ({ controller, state }: SubFact) => {
    return controller !== undefined && !controller.signal.aborted && state !== 'over';
  };
  const sub = pick(world.submitted.all.filter(isLeft), which);
  if (sub === undefined) return;
  cancelling(world, sub, 'aborted', () => sub.controller?.abort('aborted'));
}

export function cancelKey(world: World, which: number): void {
  const sub = pick(
    world.submitted.all.filter(({ state }) => state !== 'over').filter(isLatest(world)),
    which,
  );
  if (sub === undefined) return;
  cancelling(world, sub, 'by key', () => world.pool.cancel([sub.key as string], 'by key'));
}

export function cancelTask(world: World, which: number): void {
  const task = pick(liveTasks(world), which);
  if (task === undefined) return;
  const sub = world.submitted.of(task.group, task.index);
  const cancel = () => world.pool.cancel([task.id], 'by id');
  if (sub === undefined) cancel();
  else cancelling(world, sub, 'by id', cancel);
}

function cancelling(world: World, sub: SubFact, reason: string, cancel: () => void): void {
  if (sub.state === 'task') sub.reason ??= reason;
  cancel();
  withdrawIfPending(world, sub, reason);
}

export function withdrawIfPending({ submitted }: World, sub: SubFact, reason: string): void {
  if (sub.state === 'waiting' || sub.state === 'held') submitted.withdraw(sub, reason);
}

export function stop(world: World, group: GroupFact, stopGroup: () => void): void {
  stopGroup();
  const map = world.maps.get(group.name);
  if (map !== undefined) map.isStopped = true;
  withdrawAll(world, [group], 'undefined');
}

/** Tasks that have not started are cancelled immediately, and no more items are taken. */
export function dropQueued(world: World, groups: readonly GroupFact[], drop: () => void): void {
  const isWaiting = ({ state }: TaskFact) => state === 'queued' || state === 'delayed';
  const waiting = world.referee.tasks.filter(
    (task) => groups.includes(task.group) && isWaiting(task),
  );
  reasons(world, groups, 'dropped', isWaiting);
  drop();
  withdrawAll(world, groups, 'dropped');
  for (const { id, outcome } of waiting) {
    if (outcome !== 'cancelled') world.report(`task ${id} waited, and was not cancelled`);
  }
  for (const { name, isSubmitted, source } of groups) {
    const consuming = world.maps.get(name)?.consuming;
    if (consuming !== undefined) consuming.isDropped = true;
    if (!isSubmitted && source === 'open') world.report(`${name} was to take no more items`);
  }
}

export function reasons(
  { submitted }: World,
  groups: readonly GroupFact[],
  reason: string,
  concerns: (task: TaskFact) => boolean,
): void {
  for (const sub of submitted.all) {
    if (sub.state !== 'task' || sub.task === undefined || !groups.includes(sub.group)) continue;
    if (concerns(sub.task)) sub.reason ??= reason;
  }
}

export function withdrawAll(world: World, groups: readonly GroupFact[], reason: string): void {
  for (const sub of world.submitted.pending) {
    if (groups.includes(sub.group)) withdrawIfPending(world, sub, reason);
  }
}
