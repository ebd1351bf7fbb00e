/** The expected outcomes of tasks, groups and promises, derived from what the program did. */

import { TaskTimedOut } from 'xstate-taskpool';
import type { TaskFacts } from './facts.ts';
import type { Job } from './job.ts';
import type { World } from './world.ts';

/** The expected outcome of a promise. */
export type Expected =
  | { readonly status: 'pending' }
  | { readonly status: 'fulfilled'; readonly value: unknown }
  | { readonly status: 'rejected'; readonly reason: Reason };

/** The observed outcome of a promise. */
export type Observed =
  | { readonly status: 'pending' }
  | { readonly status: 'fulfilled'; readonly value: unknown }
  | { readonly status: 'rejected'; readonly reason: unknown };

/** A reason: a specific value, a kind of error, or the AbortError that is used without a reason. */
export type Reason =
  | { readonly is: unknown }
  | 'AbortError'
  | { readonly code: string }
  | { readonly timedOut: string };

export function isReason(expected: Reason, actual: unknown): boolean {
  if (expected === 'AbortError') return (Object(actual) as Error).name === 'AbortError';
  if ('timedOut' in expected) return identify(actual) === expected.timedOut;
  if ('code' in expected) return (Object(actual) as { code?: unknown }).code === expected.code;
  return Object.is(expected.is, actual);
}

/**
 * A representation of an error: errors of time limits are created by the pool, so they are compared by their text.
 */
export function identify(error: unknown): unknown {
  return error instanceof TaskTimedOut ? error.message : error;
}

/** The text of the timeout error of the last attempt of a task, if it timed out. */
export function timeoutOf(job: Job, task: TaskFacts): string | undefined {
  const { id, group, timedOut, events } = task;
  const last = events.findLastIndex(({ type }) => type === 'task.requeued');
  const isLate = events.slice(last + 1).some(({ type }) => type === 'task.timedOut');
  if (!isLate || timedOut === undefined) return undefined;
  const ms = job.script.attempts?.[timedOut];
  return `task ${id} of '${group.name}' has reached its ${timedOut} of ${ms} ms`;
}

/** The error of a rejected task. */
export function errorOf(job: Job, task: TaskFacts): unknown {
  return timeoutOf(job, task) ?? job.runOf(task)?.result?.value;
}

const reasonFor = (reason: unknown): Reason =>
  reason === undefined ? 'AbortError' : { is: reason };

/** Follows a promise. */
export function observe(promise: Promise<unknown>): () => Observed {
  let observed: Observed = { status: 'pending' };
  promise.then(
    (value) => {
      observed = { status: 'fulfilled', value };
    },
    (reason: unknown) => {
      observed = { status: 'rejected', reason };
    },
  );
  return () => observed;
}

/** How a task must end, given what its function did and what was done to it. */
export function outcomeOf(world: World, job: Job, task: TaskFacts): string | undefined {
  const result = job.runOf(task)?.result;
  const cancel = world.cancels.get(task);
  const hasTimedOut = timeoutOf(job, task) !== undefined;
  if (task.startedAt === undefined) {
    if (cancel !== undefined) return 'cancelled';
    return hasTimedOut ? 'rejected' : undefined;
  }
  if (result === undefined) return undefined;
  if (hasTimedOut) return cancel === undefined ? 'rejected' : 'cancelled';
  if (!result.threw) return 'fulfilled';
  if (cancel === undefined) return 'rejected';
  const gaveIn = isReason(reasonFor(cancel.reason), result.value);
  return gaveIn || isReason('AbortError', result.value) ? 'cancelled' : 'rejected';
}

/** The expected result of an ended task. */
export function resultOf(world: World, job: Job, task: TaskFacts): Expected {
  const value = job.runOf(task)?.result?.value;
  if (task.outcome === 'fulfilled') return { status: 'fulfilled', value };
  const timedOut = timeoutOf(job, task);
  if (task.outcome === 'rejected') {
    const reason = timedOut === undefined ? { is: value } : { timedOut };
    return { status: 'rejected', reason };
  }
  return { status: 'rejected', reason: reasonFor(world.cancels.get(task)?.reason) };
}

/** Why values of a group are missing, if no failed task is the cause. */
export interface Shortfall {
  readonly reason: Reason;
  /** How many tasks had ended before. */
  readonly after: number;
}

export function shortfallOf({ facts, source, cancellation }: Job): Shortfall | undefined {
  // The first cause counts: a later cancellation does not replace the error of the source.
  if (facts.failure !== undefined) {
    return { reason: { is: source?.failure?.error }, after: facts.failedAfter };
  }
  if (cancellation === undefined) return undefined;
  return { reason: reasonFor(cancellation.reason), after: cancellation.after };
}
