/** The reference's rules for time limits and retries, checked with the numbers of the calls. */

import type { PoolEventOf } from 'xstate-taskpool';
import { isWaiting, type TaskFact } from './facts.ts';

/** The options of a call for its tasks. */
export interface Terms {
  readonly retry: number;
  readonly timeout: number | undefined;
  readonly waitTimeout: number | undefined;
  readonly deadline: number | undefined;
}

/** The generated options. */
export type TermsOfStep = Terms & { readonly lookahead?: number | undefined };

export const RETRY_DELAY = 10;
const FACTOR = 2;
const NEVER = Number.POSITIVE_INFINITY;

/** As options of the pool. */
export function optionsOf({ retry, timeout, waitTimeout, deadline, lookahead }: TermsOfStep) {
  return {
    ...(retry === 0 ? {} : { retry: { limit: retry, delay: RETRY_DELAY, factor: FACTOR } }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(waitTimeout === undefined ? {} : { waitTimeout }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(lookahead === undefined ? {} : { lookahead }),
  };
}

/** The latest time for the first start of a task that was requested at a time. */
export function dueAt({ waitTimeout = NEVER, deadline = NEVER }: Terms, since: number): number {
  return since + Math.min(waitTimeout, deadline);
}

/** The delay of a task that fails now. An error may set another delay; a timeout sets none. */
const delayOf = ({ failures, timedOut }: TaskFact, retryAfter: number | undefined) =>
  timedOut === undefined && retryAfter !== undefined
    ? retryAfter
    : RETRY_DELAY * FACTOR ** failures;
const deadlineOf = ({ since, terms }: TaskFact) => since + (terms.deadline ?? NEVER);

/** Until when a task may stay in its current state. */
function endOfState(task: TaskFact): number {
  const { terms, since, startedAt, retryAt, state, hasStarted } = task;
  if (state === 'running') return Math.min(deadlineOf(task), startedAt + (terms.timeout ?? NEVER));
  if (state === 'delayed') return Math.min(deadlineOf(task), retryAt);
  if (state !== 'queued') return NEVER;
  return hasStarted ? deadlineOf(task) : dueAt(terms, since);
}

/** The problems once all due timers have run. */
export function* lateTasks(tasks: readonly TaskFact[], now: number): Generator<string> {
  for (const task of tasks) {
    if (endOfState(task) <= now) yield `task ${task.id} is ${task.state} for too long`;
  }
}

export function* checkTimedOut(
  task: TaskFact,
  { which }: PoolEventOf<'task.timedOut'>,
  now: number,
): Generator<string> {
  const { terms, since, startedAt, state, hasStarted } = task;
  const mayBe = {
    timeout: state === 'running' && now >= startedAt + (terms.timeout ?? NEVER),
    waitTimeout: state === 'queued' && !hasStarted && now >= since + (terms.waitTimeout ?? NEVER),
    deadline: (isWaiting(task) || state === 'running') && now >= deadlineOf(task),
  };
  if (!mayBe[which]) yield `task ${task.id} has reached its ${which} while it was ${state}`;
}

export function* checkFailed(
  task: TaskFact,
  { attempt, retryAt }: PoolEventOf<'task.failed'>,
  now: number,
  retryAfter: number | undefined,
): Generator<string> {
  const due = now + delayOf(task, retryAfter);
  const what = `task ${task.id} is to be run again`;
  if (attempt !== task.attempt) yield `${what} after attempt ${attempt}, not ${task.attempt}`;
  if (task.isCancelled) yield `${what} though it was cancelled`;
  if (task.failures >= task.terms.retry) yield `${what} once more than it may be`;
  if (retryAt !== due) yield `${what} at ${retryAt}, not ${due}`;
  if (retryAt >= deadlineOf(task)) yield `${what} after its deadline`;
  if (task.timedOut === 'waitTimeout' || task.timedOut === 'deadline') {
    yield `${what} though it has reached its ${task.timedOut}`;
  }
}

/** A failure or a timeout ends a task if it may not be retried. */
export function* checkEnd(
  task: TaskFact,
  { outcome, attempt }: PoolEventOf<'task.ended'>,
  now: number,
  retryAfter: number | undefined,
): Generator<string> {
  const { id, timedOut, isCancelled, failures, terms } = task;
  if (attempt !== task.attempt) yield `task ${id} ended as attempt ${attempt}, not ${task.attempt}`;
  if (isCancelled) return;
  if (timedOut !== undefined && outcome !== 'rejected') {
    yield `task ${id} is ${outcome}, and has reached its ${timedOut}`;
  }
  if (outcome !== 'rejected' || timedOut === 'waitTimeout' || timedOut === 'deadline') return;
  if (failures < terms.retry && now + delayOf(task, retryAfter) < deadlineOf(task)) {
    yield `task ${id} was given up after ${failures} failures`;
  }
}
