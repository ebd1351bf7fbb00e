/** Checks a pool once everything that happens by itself has happened. */

import type { GroupFact, TaskFact } from './facts.ts';
import { lateTasks } from './terms.ts';
import type { World } from './world.ts';

export function checkQuiet(world: World): void {
  const { referee, pool, submitted } = world;
  for (const task of referee.startable()) world.report(`task ${task.id} could start, and does not`);
  for (const problem of lateTasks(referee.tasks, world.clock.now())) world.report(problem);
  const isOpen = !referee.isPaused && referee.slots() < referee.poolSize;
  let pending = submitted.pending.length;
  for (const group of world.groups) {
    const map = world.maps.get(group.name);
    const length = map?.items.length ?? 0;
    pending += referee.in(group, 'queued', 'delayed').length;
    if (group.source !== 'open') continue;
    if (map !== undefined) pending += map.hasLength ? length - group.created : 1;
    // Waiting tasks must be unable to start, and held-back ones must have been overtaken.
    const isIdle = isOpen && referee.admits(group);
    const numWaiting = referee.in(group, 'queued', 'delayed').length;
    if (!isIdle || (numWaiting > 0 && numWaiting >= (map?.terms.lookahead ?? 1_000))) continue;
    const reach = Math.min(length, map?.consuming?.reach ?? length);
    if (group.created < reach && !map?.isStopped) world.report(`${group.name} takes no more items`);
    if (submitted.all.some((sub) => sub.group === group && sub.state === 'waiting')) {
      world.report(`a submission of ${group.name} could be a task, and is none`);
    }
  }
  if (pool.numPending !== pending) world.report(`${pool.numPending} are pending, not ${pending}`);
  for (const group of world.groups) checkFailed(world, group);
  checkPromises(world);
  for (const { consuming } of world.maps.values()) {
    if (consuming === undefined) continue;
    for (const problem of consuming.problems(referee.isDone(consuming.group)))
      world.report(problem);
  }
}

function checkFailed(world: World, group: GroupFact): void {
  if (!group.hasFailed || group.onError === undefined) return;
  if (group.source === 'open') world.report(`${group.name} has failed, and is open`);
  const left = world.referee.in(group, 'queued', 'running', 'delayed');
  if (group.onError === 'cancel' && left.length > 0) {
    world.report(`${group.name} has failed, and task ${left[0]?.id} was not cancelled`);
  }
}

function checkPromises(world: World): void {
  for (const { name, state, task, reason, observed, isStubborn } of world.submitted.all) {
    if (observed === undefined) continue;
    const { status, text } = observed;
    if (state !== 'over') {
      if (status !== 'pending') world.report(`${name} is ${status} ${text} while it is ${state}`);
      continue;
    }
    const outcome = task?.outcome ?? 'cancelled';
    if (task?.outcome === 'cancelled' && reason === undefined)
      world.report(`${name} was cancelled`);
    const failure = task?.timedOut === undefined ? world.texts.get(name) : 'TaskTimedOut';
    const expected = outcome === 'cancelled' ? reason : failure;
    const isAsExpected = outcome === 'fulfilled' ? status === 'fulfilled' : status === 'rejected';
    if (!isAsExpected || text !== expected) {
      world.report(
        `${name}${isStubborn ? ' (stubborn)' : ''} is ${status} ${text}, not ${expected}`,
      );
    }
  }
}

/** Stored results must be available, also those of earlier processes. */
export async function checkKept(world: World): Promise<void> {
  for (const { id } of world.pool.snapshot({ tasks: { state: 'ended' } }).tasks) {
    const task = world.referee.tasks[id] as TaskFact;
    const map = world.maps.get(task.group.name);
    if (map?.keepResults !== true || map.consuming !== undefined) continue;
    if (task.outcome !== 'fulfilled') continue;
    const name = world.nameOf(task);
    const value = await world.pool.task(id).result().catch(String);
    if (value !== `${name} done`) world.report(`${name} has left ${String(value)}`);
  }
}
