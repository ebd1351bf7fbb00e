/** Calls that change what runs, with their expected effects; cancelled tasks are recorded. */

import { type GroupFacts, isDone, isIncomplete, isLive, type TaskFacts } from './facts.ts';
import type { Job } from './job.ts';
import type { World } from './world.ts';

export function cancelTasks(
  world: World,
  ids: readonly number[],
  reason: unknown,
  form: 'list' | 'spread',
): void {
  const { pool, oracle } = world;
  const refusal = ids.map((id) => whyNotCancellable(oracle.tasks[id])).find(Boolean);
  if (refusal === undefined) {
    const given = form === 'list' ? reason : undefined;
    for (const id of ids) noteCancel(world, oracle.tasks[id] as TaskFacts, given);
  }
  world.call(`cancel ${ids.join(', ')}`, [refusal], () =>
    form === 'list' ? pool.cancel(ids, reason) : pool.cancel(...ids),
  );
}

function whyNotCancellable(task: TaskFacts | undefined): string | undefined {
  if (task === undefined || !task.isRemembered) return 'TaskNotFound';
  if (task.state === 'cancelled') return 'AlreadyCancelled';
  return task.state === 'ended' ? 'AlreadyEnded' : undefined;
}

/** Records that the program cancels a task, unless it already was. */
export function noteCancel(world: World, task: TaskFacts, reason: unknown): void {
  const isOpen = ['queued', 'running', 'timedOut', 'delayed'].includes(task.state);
  if (isOpen) world.cancels.set(task, { reason });
}

export function cancelGroup(
  world: World,
  job: Job,
  reason: unknown,
  how: 'handle' | 'object' | 'name',
): void {
  const { oracle, pool } = world;
  const { facts, handle } = job;
  const group = how === 'name' ? oracle.known(facts.name) : facts;
  const isThere = group?.isKnown === true;
  const isLeft = how !== 'handle' || (!isDone(facts) && facts.source !== 'cancelled');
  if (isThere && isLeft) noteGroupCancel(world, group, reason);
  const refusal = how === 'handle' || isThere ? undefined : 'TaskGroupNotFound';
  world.call(`cancel ${job.label} by ${how}`, [refusal], () => {
    if (how === 'handle') handle.cancel(reason);
    else pool.cancelGroup(how === 'object' ? handle : handle.name, reason);
  });
}

/** Records that the program cancels a group: all its remaining tasks. */
function noteGroupCancel(world: World, group: GroupFacts, reason: unknown): void {
  const job = world.jobOf(group);
  if (job !== undefined && isIncomplete(group)) {
    job.cancellation ??= { reason, after: group.ended.length };
  }
  for (const task of group.tasks.filter(isLive)) noteCancel(world, task, reason);
}

export function noteCancelAll(world: World, reason: unknown): void {
  for (const group of world.oracle.groups) {
    if (group.isKnown) noteGroupCancel(world, group, reason);
  }
}

export function pause(world: World, job: Job): void {
  world.call(`pause ${job.label}`, [undefined], () => job.handle.pause());
  const { facts } = job;
  const isLeft = facts.isKnown && !isDone(facts);
  if (isLeft && !facts.isPaused && !world.wasDisturbed) world.report(`${job.label} is not paused`);
}

export function resume(world: World, job: Job): void {
  world.call(`resume ${job.label}`, [undefined], () => job.handle.resume());
  const { isKnown, isPaused } = job.facts;
  if (isKnown && isPaused && !world.wasDisturbed) world.report(`${job.label} is still paused`);
}

export function pausePool(world: World): void {
  world.call('pause the pool', [whyClosed(world)], () => world.pool.pause());
}

/** Lets time pass, and everything due happen. */
export function pass(world: World, ms: number): void {
  world.stir();
  world.clock.increment(ms);
  world.note(`  it is ${world.clock.now()}`);
  world.oracle.catchUp();
}

export function resumePool(world: World): void {
  world.call('resume the pool', [whyClosed(world)], () => world.pool.resume());
}

function whyClosed({ oracle }: World): string | undefined {
  return oracle.status === 'closed' ? 'PoolIsClosed' : undefined;
}

export function resize(world: World, size: number): void {
  const { pool } = world;
  const refusal = whyClosed(world);
  world.call(`poolSize = ${size}`, [refusal], () => {
    pool.poolSize = size;
  });
  if (refusal !== undefined || world.wasDisturbed) return;
  if (pool.poolSize !== size) world.report(`poolSize reads back ${pool.poolSize}`);
}

/** Aborts a signal of groups or of the pool. */
export function abortSignal(world: World, slot: number, reason: unknown): void {
  const controller = world.controllers[slot] as AbortController;
  if (!controller.signal.aborted) {
    for (const { script, facts } of world.jobs) {
      const isLeft = !isDone(facts) && facts.source !== 'cancelled';
      if (script.signal === slot && isLeft) noteGroupCancel(world, facts, reason);
    }
  }
  world.call(`abort signal ${slot}`, [undefined], () => controller.abort(reason));
}
