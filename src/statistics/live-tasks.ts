/** The tasks that have not ended, with the data that statistics need. */

import { Chain, type Linked } from '../kit/linked-list.ts';
import { IdTable } from '../machines/id-table.ts';
import type { Place } from './places.ts';
import { current, type Row, State } from './row.ts';

/** Stands for a missing time. */
export const NEVER = -1;

/** A task as plain JSON. */
export interface LiveTaskData {
  readonly id: number;
  readonly index: number;
  readonly group: string;
  /** Missing if it is counted among tasks of no known function. */
  readonly functionName?: string;
  /** Whether it is counted in the row of its group. */
  readonly isApart: boolean;
  readonly state: number;
  readonly attempt: number;
  readonly queuedAt: number;
  readonly startedAt: number;
  readonly abortedAt: number;
  /** The place of its attempt, if that runs remotely. */
  readonly place?: string;
}

export class LiveTask implements Linked<LiveTask> {
  id = -1;
  index = 0;
  /** The name of its group. */
  group = '';
  /** The row in which it is counted. */
  #row: Row;
  /** See {@link State}. */
  state: number = State.queued;
  attempt = 1;
  /** When it was queued, or queued again. */
  queuedAt = NEVER;
  /** When its attempt started, here or remotely; {@link NEVER} while none is running. */
  startedAt = NEVER;
  /** When its signal was aborted; {@link NEVER} if it was not. */
  abortedAt = NEVER;
  /** The place of its attempt, if that runs remotely. */
  place: Place | undefined = undefined;
  previous: LiveTask | undefined = undefined;
  next: LiveTask | undefined = undefined;

  constructor(row: Row) {
    this.#row = row;
  }

  /** The row in which it is counted. */
  get row(): Row {
    if (this.#row.into !== undefined) this.#row = current(this.#row);
    return this.#row;
  }

  set row(row: Row) {
    this.#row = row;
  }
}

/**
 * The number of ended tasks kept for reuse, since allocating an object for each would cost more than everything else.
 */
const SPARE = 1024;

export class LiveTasks {
  readonly #byId = new IdTable<LiveTask>();
  #spare: LiveTask | undefined = undefined;
  #numSpare = 0;
  /** Running tasks, in order of start. */
  readonly running = new Chain<LiveTask>();
  /** Tasks whose signal was aborted, in order of abort. */
  readonly unwinding = new Chain<LiveTask>();

  get(id: number): LiveTask | undefined {
    return this.#byId.get(id);
  }

  /** Adds a queued task. */
  add(id: number, index: number, group: string, row: Row, queuedAt: number): LiveTask {
    const task = this.#take(row);
    task.id = id;
    task.index = index;
    task.group = group;
    task.queuedAt = queuedAt;
    this.#byId.add(id, task);
    return task;
  }

  /** Adds tasks in any state. */
  restore(tasks: readonly LiveTask[]): void {
    for (const task of [...tasks].sort((a, b) => a.id - b.id)) this.#byId.add(task.id, task);
    for (const task of [...tasks].sort(byTime)) this.#listOf(task.state)?.push(task);
  }

  /** Changes the state of a task, and moves it to the list of that state. */
  move(task: LiveTask, state: number): void {
    const { state: from } = task;
    if (from === state) return;
    this.#listOf(from)?.remove(task);
    task.state = state;
    this.#listOf(state)?.push(task);
  }

  /** Its remote attempt has begun: it counts as running from then on. */
  began(task: LiveTask, at: number): void {
    task.startedAt = at;
    // Keeps the order of start.
    if (task.state !== State.running) return;
    this.running.remove(task);
    this.running.push(task);
  }

  remove(task: LiveTask): void {
    this.#listOf(task.state)?.remove(task);
    this.#byId.remove(task.id);
    if (this.#numSpare >= SPARE) return;
    task.next = this.#spare;
    this.#spare = task;
    this.#numSpare++;
  }

  [Symbol.iterator](): Generator<LiveTask> {
    return this.#byId[Symbol.iterator]();
  }

  #take(row: Row): LiveTask {
    const task = this.#spare;
    if (task === undefined) return new LiveTask(row);
    this.#spare = task.next;
    this.#numSpare--;
    task.next = undefined;
    task.row = row;
    task.state = State.queued;
    task.attempt = 1;
    task.startedAt = NEVER;
    task.abortedAt = NEVER;
    return task;
  }

  #listOf(state: number): Chain<LiveTask> | undefined {
    if (state === State.running) return this.running;
    return state === State.cancelling || state === State.timedOut ? this.unwinding : undefined;
  }
}

/** The order in which tasks were added to their list. */
function byTime(a: LiveTask, b: LiveTask): number {
  return a.state === State.running ? a.startedAt - b.startedAt : a.abortedAt - b.abortedAt;
}
