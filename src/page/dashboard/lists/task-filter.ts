/** Which tasks are listed, and in which order. All are filtered; nothing is left out before. */

import type { TaskRecord } from '../../../machines/records.ts';
import { type Moment, stateNameOf } from '../data/moment.ts';
import { sortedBy } from './sorted.ts';

export type SortKey = 'id' | 'group' | 'state' | 'attempt' | 'waited' | 'ran';

export interface TaskQuery {
  /** A state or an outcome; empty for all. */
  readonly state: string;
  readonly group: string | undefined;
  readonly text: string;
  readonly sort: SortKey;
  readonly isAscending: boolean;
}

/** What a task is said to be: its outcome, once it has one. */
export function statusOf(task: TaskRecord): string {
  return task.outcome ?? stateNameOf(task);
}

/** In milliseconds: how long a task waited for its last start, or waits now. */
export function waitedOf({ queuedAt, startedAt, endedAt }: TaskRecord, now: number): number {
  return Math.max(0, (startedAt ?? endedAt ?? now) - queuedAt);
}

/** In milliseconds: how long its last attempt ran, or runs now; undefined before. */
export function ranOf(task: TaskRecord, now: number): number | undefined {
  const { startedAt, placedAt = startedAt, endedAt } = task;
  return placedAt === undefined ? undefined : Math.max(0, (endedAt ?? now) - placedAt);
}

/** What is to be said of a task besides: where it runs, if not here, and what it has come to. */
export function noteOf(task: TaskRecord): string {
  const { placedBy } = task.notes;
  return [placedBy, sayingOf(task)].filter(Boolean).join(' · ');
}

function sayingOf({ notes }: TaskRecord): string {
  const { error, lastError, progress, reason, retryAt } = notes;
  if (error !== undefined) return `${error.name}: ${error.message}`;
  if (retryAt !== undefined && lastError !== undefined) {
    return `${lastError.name}: ${lastError.message}`;
  }
  if (progress !== undefined) return JSON.stringify(progress);
  return reason === undefined ? '' : JSON.stringify(reason);
}

export function listTasks({ state }: Moment, query: TaskQuery, now: number): TaskRecord[] {
  const text = query.text.trim().toLowerCase();
  const listed: TaskRecord[] = [];
  for (const task of state.tasks.backwards()) {
    if (query.state !== '' && statusOf(task) !== query.state && stateNameOf(task) !== query.state) {
      continue;
    }
    if (query.group !== undefined && task.group.name !== query.group) continue;
    if (text !== '' && !textOf(task).includes(text)) continue;
    listed.push(task);
  }
  return sorted(listed, query, now);
}

function textOf(task: TaskRecord): string {
  return `${task.id} ${task.group.name} ${statusOf(task)} ${noteOf(task)}`.toLowerCase();
}

function sorted(tasks: TaskRecord[], query: TaskQuery, now: number): TaskRecord[] {
  const { sort, isAscending } = query;
  // The youngest come first by themselves.
  if (sort === 'id') return isAscending ? tasks.reverse() : tasks;
  const key = KEYS[sort];
  return sortedBy(tasks, (task) => key(task, now), isAscending);
}

const KEYS: Readonly<
  Record<Exclude<SortKey, 'id'>, (task: TaskRecord, now: number) => number | string>
> = {
  group: (task) => task.group.name,
  state: statusOf,
  attempt: (task) => task.attempt,
  waited: waitedOf,
  ran: (task, now) => ranOf(task, now) ?? -1,
};
