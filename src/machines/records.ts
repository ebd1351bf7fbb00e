/** The records that a pool's state is made of. The shell extends them with what is live. */

import type { ErrorData, GroupMethod, Json, Outcome } from '../events.ts';
import { QUEUED } from './charts.ts';

/** One task. */
export class TaskRecord {
  /** The code of the task's state in the chart. */
  state: number = QUEUED;
  readonly attempt: number = 1;
  /** Milliseconds since the epoch; undefined for a task that never held a slot. */
  startedAt: number | undefined = undefined;
  outcome: Outcome | undefined = undefined;
  progress: Json | undefined = undefined;
  reason: Json | undefined = undefined;
  error: ErrorData | undefined = undefined;
  /** Whether the pool has dropped this record. */
  forgotten = false;
  /** Neighbours in the one {@link TaskList} that the task is in. */
  previous: TaskRecord | undefined = undefined;
  next: TaskRecord | undefined = undefined;

  readonly id: number;
  readonly group: GroupRecord;
  /** The place of the task in its group, from 0. */
  readonly index: number;

  constructor(id: number, group: GroupRecord, index: number) {
    this.id = id;
    this.group = group;
    this.index = index;
  }
}

/** What a group is made with. */
export interface GroupFields {
  readonly name: string;
  readonly method: GroupMethod;
  readonly functionName: string;
  /** `Infinity`: as many as the pool has room for. */
  readonly numConcurrent: number;
  /** How many tasks there will be, where the source has a length. */
  readonly planned: number | undefined;
}

/** What became of a group's source. */
export type SourceStatus = 'open' | 'exhausted' | 'failed' | 'cancelled';

/** One group of tasks. */
export class GroupRecord {
  readonly name: string;
  readonly method: GroupMethod;
  readonly functionName: string;
  readonly planned: number | undefined;
  numConcurrent: number;
  source: SourceStatus = 'open';
  paused = false;
  created = 0;
  ended = 0;
  /** Tasks that hold a slot. */
  slots = 0;
  /** Tasks whose record the pool still has. */
  remembered = 0;
  /** In order of creation; may hold forgotten tasks until the next sweep. */
  #tasks: TaskRecord[] = [];

  constructor(fields: GroupFields) {
    this.name = fields.name;
    this.method = fields.method;
    this.functionName = fields.functionName;
    this.planned = fields.planned;
    this.numConcurrent = fields.numConcurrent;
  }

  /** The remembered tasks in order of creation. */
  get tasks(): readonly TaskRecord[] {
    this.#sweep();
    return this.#tasks;
  }

  remember(task: TaskRecord): void {
    // Sweeping when at most half is alive keeps the cost per task constant.
    if (this.#tasks.length > 2 * this.remembered + 32) this.#sweep();
    this.#tasks.push(task);
    this.remembered++;
  }

  #sweep(): void {
    if (this.#tasks.length === this.remembered) return;
    this.#tasks = this.#tasks.filter((task) => !task.forgotten);
  }
}

/** A list of tasks that any task joins at the end and leaves from anywhere, at a constant price. */
export class TaskList<T extends TaskRecord> {
  length = 0;
  first: T | undefined = undefined;
  last: T | undefined = undefined;

  push(task: T): void {
    task.previous = this.last;
    if (this.last === undefined) this.first = task;
    else this.last.next = task;
    this.last = task;
    this.length++;
  }

  remove(task: T): void {
    const { previous, next } = task as { previous: T | undefined; next: T | undefined };
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    task.previous = undefined;
    task.next = undefined;
    this.length--;
  }
}
