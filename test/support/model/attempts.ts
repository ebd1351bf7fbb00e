/** Checks time limits and retries: what must have happened by now, and what must not. */

import type { TaskFacts } from './facts.ts';
import type { Job } from './job.ts';
import { timeoutOf } from './outcome.ts';
import type { World } from './world.ts';

const NEVER = Number.POSITIVE_INFINITY;

export function checkAttempts(world: World, job: Job, task: TaskFacts): void {
  if (job.script.attempts === undefined) {
    const { id, failures, timedOut } = task;
    if (failures !== undefined || timedOut !== undefined) {
      world.report(`task ${id} has neither limits in time nor further attempts, and had some`);
    }
    return;
  }
  checkLimits(world, job, task);
  checkDelays(world, job, task);
  if (task.outcome === 'rejected') checkLastFailure(world, job, task);
}

/** Nothing may exceed its time limit. */
function checkLimits(world: World, job: Job, task: TaskFacts): void {
  const { timeout = NEVER, waitTimeout = NEVER, deadline = NEVER } = job.script.attempts ?? {};
  const { id, state, retryAt = NEVER, events } = task;
  const run = job.runOf(task);
  const calledAt = run?.attempt === task.attempt ? run.calledAt : NEVER;
  const now = world.clock.now();
  const createdAt = events[0]?.at ?? NEVER;
  const hasStarted = events.some(({ type }) => type === 'task.started');
  const isLate =
    (state === 'running' && calledAt + timeout <= now) ||
    (state === 'queued' && !hasStarted && createdAt + waitTimeout <= now) ||
    (state === 'delayed' && retryAt <= now) ||
    (['queued', 'running', 'delayed'].includes(state) && createdAt + deadline <= now);
  if (isLate) world.report(`task ${id} is still ${state} at ${now}`);
}

/** Each delay must be twice as long as the previous one. */
function checkDelays(world: World, job: Job, { id, events }: TaskFacts): void {
  const { limit = 0, delay = 0 } = job.script.attempts?.retry ?? {};
  const failures = events.filter((event) => event.type === 'task.failed');
  if (failures.length > limit) world.report(`task ${id} has failed ${failures.length} times`);
  for (const [place, { seq, at, retryAt }] of failures.entries()) {
    if (retryAt !== at + delay * 2 ** place) world.report(`task ${id} is due at ${retryAt}`);
    const after = events.find((event) => event.seq > seq);
    const isEarly = after?.type === 'task.requeued' && after.at < retryAt;
    // Unless an event was sent to its actor.
    if (isEarly && !world.actors.has(job.facts.tasks.find((task) => task.id === id) as TaskFacts)) {
      world.report(`task ${id} is queued again at ${after.at}, too early`);
    }
  }
}

/** A task whose attempt has failed may only end if it has no retries left or is cancelled. */
function checkLastFailure(world: World, job: Job, task: TaskFacts): void {
  const { limit = 0, delay = 0 } = job.script.attempts?.retry ?? {};
  const { deadline = NEVER } = job.script.attempts ?? {};
  const { id, failures = 0, events, timedOut } = task;
  const isFinal = timeoutOf(job, task) !== undefined && timedOut !== 'timeout';
  if (failures >= limit || isFinal || world.cancels.has(task)) return;
  const endedAt = events.at(-1)?.at ?? 0;
  const dueAt = endedAt + delay * 2 ** failures;
  if (dueAt < (events[0]?.at ?? 0) + deadline) {
    world.report(`task ${id} has ended, and had another attempt at ${dueAt}`);
  }
}
