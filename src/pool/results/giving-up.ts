/** Waits that give up, with an error that names what has not finished. */

import { GaveUpWaiting, type UnfinishedTask } from '../../errors.ts';
import { nextTurn } from '../../kit/jobs.ts';
import { whenAborted } from '../../kit/on-abort.ts';
import { quoted } from '../../kit/printed.ts';
import { markHandled } from '../../kit/promises.ts';
import { ENDED, TASK_STATES, type TaskState } from '../../machines/charts.ts';
import type { Door } from '../door/door.ts';
import type { Task } from '../live/live.ts';

/** How many tasks are listed, and how many of these are in the message. */
const LISTED = 100;
const NAMED = 5;

/**
 * Follows the promise, but rejects with the list of unfinished tasks once the signal is aborted. It waits a turn of
 * the event loop first: if the signal has also cancelled the awaited work, the promise settles by itself.
 */
export function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  giveUp: (reason: unknown) => Error,
): Promise<T> {
  if (signal === undefined) return promise;
  const patient = new Promise<T>((resolve, reject) => {
    const leave = (reason: unknown) => void nextTurn().then(() => reject(giveUp(reason)));
    const stopListening = whenAborted(signal, leave);
    promise.then(resolve, reject).finally(stopListening);
  });
  markHandled(patient);
  return patient;
}

/**
 * The error of a wait that was given up.
 *
 * @param awaited what was waited for: `results() of 'pages'`.
 * @param tasks the tasks that it depended on; ended ones are left out.
 */
export function gaveUp(
  door: Door,
  awaited: string,
  tasks: Iterable<Task>,
  reason: unknown,
): GaveUpWaiting {
  const all = [...tasks].filter(({ state }) => state !== ENDED);
  const unfinished = all
    .sort((a, b) => Number(b.startedAt !== undefined) - Number(a.startedAt !== undefined))
    .slice(0, LISTED)
    .map((task) => describe(task, door.turn.at));
  const named = unfinished.slice(0, NAMED).map(textOf);
  if (all.length > named.length) named.push(`${all.length - named.length} more`);
  const left = named.length === 0 ? 'no task, but items or callbacks' : named.join(', ');
  return new GaveUpWaiting(`gave up waiting for ${awaited}: not done: ${left}`, unfinished, reason);
}

function describe({ id, group, state, startedAt }: Task, now: number): UnfinishedTask {
  const ran = startedAt === undefined ? undefined : now - startedAt;
  return { id, groupName: group.name, state: TASK_STATES[state] as TaskState, ran };
}

function textOf({ id, groupName, state, ran }: UnfinishedTask): string {
  const since = ran === undefined ? '' : ` for ${ran} ms`;
  return `task ${id} of ${quoted(groupName)}, ${state}${since}`;
}
