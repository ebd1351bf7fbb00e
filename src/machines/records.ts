/** The records that make up the state of a pool. The live pool extends them, see `pool/live`. */

import type { ErrorData, Json, LimitKey, Outcome, TimeoutKind } from '../events/events.ts';
import { LinkedList } from '../kit/linked-list.ts';
import { QUEUED } from './charts.ts';
import type { GroupIdentity } from './group-identity.ts';
import type { Stored } from './stored.ts';

/** What events have said of a task besides its state: nothing, for most. */
export interface TaskNotes {
  attempt?: number;
  /** Where its present attempt was begun, if that is not here. */
  placedBy?: string | undefined;
  progress?: Json;
  reason?: Json;
  error?: ErrorData;
  /** What it returned, and whether that is not there: of groups that keep it. */
  value?: Json;
  omitted?: true;
  /** How many failed attempts were to be followed by another one. */
  failures?: number;
  /** What the last of them threw. */
  lastError?: ErrorData;
  /** When it was to be queued again after that: milliseconds since the epoch. */
  retryAt?: number;
  /** How often a process died while it ran the task. */
  interruptions?: number;
  /** The time limit that it reached last. */
  timedOut?: TimeoutKind;
  /** Its own priority. */
  priority?: number;
  /** By the names of limits: the keys that they count it by. */
  keys?: Readonly<Record<string, LimitKey>>;
}

/** One task. */
export class TaskRecord {
  readonly id: number;
  readonly group: GroupRecord;
  /** The place of the task in its group, from 0. */
  readonly index: number;
  /** The code of the task's state in the chart. */
  state: number = QUEUED;
  /** Milliseconds since the epoch. Set when it enters a pool. */
  queuedAt!: number;
  /** Milliseconds since the epoch; undefined for a task that has not started, or waits to be run again. */
  startedAt: number | undefined = undefined;
  /** Milliseconds since the epoch; undefined before. */
  endedAt: number | undefined = undefined;
  outcome: Outcome | undefined = undefined;
  /** When its present attempt was begun elsewhere: milliseconds since the epoch. */
  declare placedAt: number | undefined;
  /** The epoch of the pool that its present attempt has started in, where that is over. */
  declare epoch: number | undefined;
  /** Neighbours in the list of its state and in the list of its group. */
  previousInState: TaskRecord | undefined = undefined;
  nextInState: TaskRecord | undefined = undefined;
  previousInGroup: TaskRecord | undefined = undefined;
  nextInGroup: TaskRecord | undefined = undefined;
  /** Not one of the language's private fields: in an object that is made for each task they cost as much as all others. */
  private noted: Readonly<TaskNotes> | undefined = undefined;

  constructor(id: number, group: GroupRecord, index: number) {
    this.id = id;
    this.group = group;
    this.index = index;
  }

  /** Which run of the task this is. */
  get attempt(): number {
    return this.noted?.attempt ?? 1;
  }

  get notes(): Readonly<TaskNotes> {
    return this.noted ?? NO_NOTES;
  }

  /** @param notes are not changed by anyone: tasks may share them. */
  note(notes: Readonly<TaskNotes>): void {
    this.noted = this.noted === undefined ? notes : { ...this.noted, ...notes };
  }
}

// Hardly any task has one of these, so that none is made larger by them.
TaskRecord.prototype.placedAt = undefined;
TaskRecord.prototype.epoch = undefined;

/** The notes of a task of which nothing was said. */
export const NO_NOTES: Readonly<TaskNotes> = Object.freeze({});

/** Counts of a pool that only grow. */
export interface PoolTotals {
  readonly created: number;
  readonly started: number;
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
}

/** Makes the records of a state out of events: plain ones, or those of a pool that is recovered. */
export interface RecordMakers<T extends TaskRecord, G extends GroupRecord> {
  task(id: number, group: G, index: number): T;
  group(identity: GroupIdentity): G;
}

/** The tasks of a pool in one state. A task is in one list of this kind at a time. */
export class StateTasks<T extends TaskRecord> extends LinkedList<T> {
  previousOf(task: T): T | undefined {
    return task.previousInState as T | undefined;
  }

  nextOf(task: T): T | undefined {
    return task.nextInState as T | undefined;
  }

  push(task: T): void {
    const { last } = this;
    task.previousInState = last;
    if (last === undefined) this.first = task;
    else last.nextInState = task;
    this.last = task;
    this.length++;
  }

  remove(task: T): void {
    const { previousInState: previous, nextInState: next } = task;
    if (previous === undefined) this.first = next as T | undefined;
    else previous.nextInState = next;
    if (next === undefined) this.last = previous as T | undefined;
    else next.previousInState = previous;
    task.previousInState = undefined;
    task.nextInState = undefined;
    this.length--;
  }
}

/** The remembered tasks of a group. */
class GroupTasks extends LinkedList<TaskRecord> {
  previousOf(task: TaskRecord): TaskRecord | undefined {
    return task.previousInGroup;
  }

  nextOf(task: TaskRecord): TaskRecord | undefined {
    return task.nextInGroup;
  }

  push(task: TaskRecord): void {
    const { last } = this;
    task.previousInGroup = last;
    if (last === undefined) this.first = task;
    else last.nextInGroup = task;
    this.last = task;
    this.length++;
  }

  remove(task: TaskRecord): void {
    const { previousInGroup: previous, nextInGroup: next } = task;
    if (previous === undefined) this.first = next;
    else previous.nextInGroup = next;
    if (next === undefined) this.last = previous;
    else next.previousInGroup = previous;
    task.previousInGroup = undefined;
    task.nextInGroup = undefined;
    this.length--;
  }
}

/** What became of a group's source. */
export type SourceStatus = 'open' | 'exhausted' | 'failed' | 'cancelled';

/** One group of tasks: the list of those that the pool remembers, and what is known of them. */
export class GroupRecord extends GroupTasks {
  readonly identity: GroupIdentity;
  /** Its place in the order of creation. Set when the group enters a pool. */
  ordinal = -1;
  /** How many of its tasks may hold a slot; `null`: as many as there are. */
  numConcurrent: number | null;
  source: SourceStatus = 'open';
  paused = false;
  /** The higher, the sooner its tasks start, but for those that have a priority of their own. */
  priority: number;
  /** How many of its items are known of which no task was made: 1 while there is no telling. */
  numUnmade = 0;
  created = 0;
  ended = 0;
  /** Tasks that have failed and will be run again: they hold no slot. */
  delayed = 0;
  /** Tasks that hold a slot. */
  slots = 0;
  /** What its tasks are called with; undefined if that is not stored. */
  readonly stored: Stored | undefined;

  constructor(identity: GroupIdentity, stored: Stored | undefined) {
    super();
    this.identity = identity;
    const { numConcurrent, priority } = identity.kind;
    this.numConcurrent = numConcurrent;
    this.priority = priority;
    this.stored = stored;
  }

  get name(): string {
    return this.identity.name;
  }

  /** Whether each of its tasks is a call of its own. */
  get isSubmitted(): boolean {
    return this.identity.kind.method === 'submit';
  }

  /** The remembered tasks in order of creation. */
  get tasks(): readonly TaskRecord[] {
    return this.toArray();
  }
}
