/** Finds tasks, submissions and groups by what callers know of them. */

import { AlreadyCancelled, AlreadyEnded, TaskGroupNotFound, TaskNotFound } from '../errors.ts';
import { checkCount, checkString } from '../kit/checks.ts';
import { quoted } from '../kit/printed.ts';
import { CANCELLED, ENDED, TASK_STATES } from '../machines/charts.ts';
import type { Core } from './core.ts';
import type { Group, Task } from './live/live.ts';
import type { Submission } from './submissions/submission.ts';

/** @throws TaskNotFound if the pool does not remember a task with this id. */
export function taskOf(core: Core, id: number): Task {
  checkCount('the id of a task', id);
  const task = core.door.state.tasks.get(id);
  if (task !== undefined) return task;
  throw new TaskNotFound(`expected the id of a task that ${core} remembers, got ${id}`);
}

/** @throws TaskGroupNotFound if the pool has no group of that name. */
export function groupNamed(core: Core, name: string): Group {
  checkString('the name of a group', name);
  const group = core.door.state.groups.get(name);
  if (group !== undefined) return group;
  throw new TaskGroupNotFound(`expected the name of a group of ${core}, got ${quoted(name)}`);
}

/**
 * What waits or runs under an id or a `unique` key: a task, or a submission that is no task yet.
 *
 * @throws TaskNotFound, AlreadyCancelled, AlreadyEnded
 */
export function unfinished(core: Core, id: number | string): Task | Submission {
  if (typeof id !== 'string') return unfinishedTask(core, id);
  const submission = core.submissions.keys.get(id);
  if (submission === undefined) {
    throw new TaskNotFound(
      `expected the key of a submission that has not settled, got ${quoted(id)}`,
    );
  }
  return submission.task === undefined ? submission : unfinishedTask(core, submission.task.id);
}

function unfinishedTask(core: Core, id: number): Task {
  const task = taskOf(core, id);
  if (task.state !== CANCELLED && task.state !== ENDED) return task;
  const Already = task.state === CANCELLED ? AlreadyCancelled : AlreadyEnded;
  const state = TASK_STATES[task.state];
  throw new Already(`expected a task that is waiting or running, got ${id}, ${state}`);
}
