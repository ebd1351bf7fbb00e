/** The records that make up the state of a pool. The live pool extends them, see `pool/live`. */

import type { ErrorData, Json, LimitKey, Outcome, TimeoutKind } from '../events/events.ts';
import { LinkedList } from '../kit/linked-list.ts';
import { QUEUED } from './charts.ts';
import type { GroupIdentity } from './group-identity.ts';
import type { Stored } from './stored.ts';

/** Data of a task besides its state, from its events; most tasks have none. */
export interface TaskNotes {
  attempt?: number;
  /** The thread or worker that runs its function, if it is remote. */
  placedBy?: string | undefined;
  progress?: Json;
  reason?: Json;
  error?: ErrorData;
  /** What it returned, or whether that was omitted, in groups that store results. */
  value?: Json;
  omitted?: true;
  /** How many failed attempts were retried, or are to be. */
  failures?: number;
  /** The error of the last of them. */
  lastError?: ErrorData;
  /** When it was or will be queued again after that: milliseconds since the epoch. */
  retryAt?: number;
  /** How often a process died while running the task. */
  interruptions?: number;
  /** The last time limit that it reached. */
  timedOut?: TimeoutKind;
  /** Its own priority. */
  priority?: number;
  /** The keys by which limits count it, by the names of the limits. */
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
  /** Milliseconds since the epoch; undefined for a task that has not started, or waits for its next attempt. */
  startedAt: number | undefined = undefined;
  /** Milliseconds since the epoch; undefined until it has ended. */
  endedAt: number | undefined = undefined;
  outcome: Outcome | undefined = undefined;
  /** When its remote function started: milliseconds since the epoch. */
  declare placedAt: number | undefined;
  /** The epoch of the pool in which its current attempt started, if that is not the current epoch. */
  declare epoch: number | undefined;
  /** Neighbours in the list of its state and in the list of its group. */
  previousInState: TaskRecord | undefined = undefined;
  nextInState: TaskRecord | undefined = undefined;
  previousInGroup: TaskRecord | undefined = undefined;
  nextInGroup: TaskRecord | undefined = undefined;
  /** Not a `#private` field, which would cost as much as all other fields in an object that is created per task. */
  private noted: Readonly<TaskNotes> | undefined = undefined;

  constructor(id: number, group: GroupRecord, index: number) {
    this.id = id;
    this.group = group;
    this.index = index;
  }

  /** The number of the current attempt, from 1. */
  get attempt(): number {
    return this.noted?.attempt ?? 1;
  }

  get notes(): Readonly<TaskNotes> {
    return this.noted ?? NO_NOTES;
  }

  /** @param notes must not be modified later, since tasks may share them. */
  note(notes: Readonly<TaskNotes>): void {
    this.noted = this.noted === undefined ? notes : { ...this.noted, ...notes };
  }
}

// On the prototype, since hardly any task has one of these.
TaskRecord.prototype.placedAt = undefined;
TaskRecord.prototype.epoch = undefined;

/** The notes of tasks without any. */
export const NO_NOTES: Readonly<TaskNotes> = Object.freeze({});

/** Counts of tasks since the pool was created; they only grow. */
export interface PoolTotals {
  /** Tasks that were created. */
  readonly created: number;
  /** Attempts that were started: a retried task counts each time. */
  readonly started: number;
  /** Tasks that ended with a value. */
  readonly fulfilled: number;
  /** Tasks that ended with an error. */
  readonly rejected: number;
  /** Tasks that were cancelled. */
  readonly cancelled: number;
}

/** Creates the records of a state: plain ones, or live ones of a recovered pool. */
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

/** The status of the source of a group. */
export type SourceStatus = 'open' | 'exhausted' | 'failed' | 'cancelled';

/** A group: the list of its remembered tasks, and its data. */
export class GroupRecord extends GroupTasks {
  readonly identity: GroupIdentity;
  /** Its place in the order of creation. Set when the group enters a pool. */
  ordinal = -1;
  /** How many of its tasks may hold a slot; `null` for no limit. */
  numConcurrent: number | null;
  source: SourceStatus = 'open';
  paused = false;
  /** The priority of its tasks, except those that have their own. */
  priority: number;
  /** How many of its known items are no tasks yet; 1 for an open source without a length. */
  numUnmade = 0;
  created = 0;
  ended = 0;
  /** How many of its tasks have failed and will be retried: they hold no slot. */
  delayed = 0;
  /** How many of its tasks hold a slot. */
  slots = 0;
  /** The stored items of its tasks; undefined if they are not stored. */
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

  /** Whether it is a group of submissions. */
  get isSubmitted(): boolean {
    return this.identity.kind.method === 'submit';
  }

  /** The remembered tasks in order of creation. */
  get tasks(): readonly TaskRecord[] {
    return this.toArray();
  }
}
