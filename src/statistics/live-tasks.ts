/** The tasks that have not ended, as statistics know them. */

import { Chain, type Linked } from '../kit/linked-list.ts';
import { IdTable } from '../machines/id-table.ts';
import { type Row, State } from './row.ts';

/** In place of a time that there is not. */
export const NEVER = -1;

/** A task as plain JSON. */
export interface LiveTaskData {
  readonly id: number;
  readonly index: number;
  readonly group: string;
  readonly functionName: string;
  readonly state: number;
  readonly attempt: number;
  readonly queuedAt: number;
  readonly startedAt: number;
  readonly abortedAt: number;
}

export class LiveTask implements Linked<LiveTask> {
  readonly id: number;
  readonly index: number;
  readonly group: Row;
  readonly fn: Row;
  /** See {@link State}. */
  state: number = State.queued;
  attempt = 1;
  /** When it was queued, or queued again. */
  queuedAt: number;
  /** When its attempt has started, here or where it runs; {@link NEVER} while none runs. */
  startedAt = NEVER;
  /** When its signal was aborted; {@link NEVER} if it was not. */
  abortedAt = NEVER;
  previous: LiveTask | undefined = undefined;
  next: LiveTask | undefined = undefined;

  constructor(id: number, index: number, group: Row, fn: Row, queuedAt: number) {
    this.id = id;
    this.index = index;
    this.group = group;
    this.fn = fn;
    this.queuedAt = queuedAt;
  }
}

export class LiveTasks {
  readonly #byId = new IdTable<LiveTask>();
  /** Those that run, in the order of their start. */
  readonly running = new Chain<LiveTask>();
  /** Those whose signal was aborted, in the order of that. */
  readonly unwinding = new Chain<LiveTask>();

  get(id: number): LiveTask | undefined {
    return this.#byId.get(id);
  }

  /** Takes in a task that is queued. */
  add(task: LiveTask): void {
    this.#byId.add(task.id, task);
  }

  /** Takes in tasks in whatever states they are. */
  restore(tasks: readonly LiveTask[]): void {
    for (const task of [...tasks].sort((a, b) => a.id - b.id)) this.#byId.add(task.id, task);
    for (const task of [...tasks].sort(byTime)) this.#listOf(task.state)?.push(task);
  }

  /** Sets the state of a task, and has it listed there. */
  move(task: LiveTask, state: number): void {
    const { state: from } = task;
    if (from === state) return;
    this.#listOf(from)?.remove(task);
    task.state = state;
    this.#listOf(state)?.push(task);
  }

  /** Its attempt has begun elsewhere: it runs since then. */
  place(id: number, at: number): void {
    const task = this.#byId.get(id);
    if (task === undefined) return;
    task.startedAt = at;
    // They stay in the order of their start.
    if (task.state !== State.running) return;
    this.running.remove(task);
    this.running.push(task);
  }

  remove(task: LiveTask): void {
    this.#listOf(task.state)?.remove(task);
    this.#byId.remove(task.id);
  }

  [Symbol.iterator](): Generator<LiveTask> {
    return this.#byId[Symbol.iterator]();
  }

  #listOf(state: number): Chain<LiveTask> | undefined {
    if (state === State.running) return this.running;
    return state === State.cancelling || state === State.timedOut ? this.unwinding : undefined;
  }
}

/** In the order in which they came to the list that they are in. */
function byTime(a: LiveTask, b: LiveTask): number {
  return a.state === State.running ? a.startedAt - b.startedAt : a.abortedAt - b.abortedAt;
}
