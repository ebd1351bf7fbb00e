/** Filters and sorts the list of tasks. All loaded tasks are filtered. */

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

/** The status of a task: its outcome, or else its state. */
export function statusOf(task: TaskRecord): string {
  return task.outcome ?? stateNameOf(task);
}

/** How long a task waited for its last start, or has been waiting, in milliseconds. */
export function waitedOf({ queuedAt, startedAt, endedAt }: TaskRecord, now: number): number {
  return Math.max(0, (startedAt ?? endedAt ?? now) - queuedAt);
}

/** How long its last attempt ran, or has been running, in milliseconds; undefined before it. */
export function ranOf(task: TaskRecord, now: number): number | undefined {
  const { startedAt, placedAt = startedAt, endedAt } = task;
  return placedAt === undefined ? undefined : Math.max(0, (endedAt ?? now) - placedAt);
}

/** The note of a task: its place, if it runs remotely, and its error or progress. */
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
  // The newest come first by default.
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
