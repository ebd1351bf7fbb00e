/** A group while it lives: its record, and what must not be in a record. */

import { ENDED } from '../../machines/charts.ts';
import { type GroupIdentity, GroupRecord, type StateTasks } from '../../machines/records.ts';
import type { Feed } from '../feed.ts';
import { OVER, type ResultSink } from '../results/results.ts';
import type { Task } from './task.ts';
import type { Work } from './work.ts';

/** What the source threw, or the reason the group was cancelled with: whichever came first. */
export interface GroupFailure {
  readonly error: unknown;
  /** How many tasks had ended before. */
  readonly rank: number;
}

export class Group extends GroupRecord {
  readonly work: Work;
  /** Set right after creation: a feed may need to call back about its group. */
  feed!: Feed;
  /** The task that waits for a slot: at most one, so that waiting is fair between groups. */
  head: Task | undefined = undefined;
  /** Tasks that wait behind the head: only those that a resumed pool runs again. */
  declare backlog: StateTasks<Task> | undefined;
  /** Who comes after it in the line for slots: null for the last, undefined if it is not in it. */
  behind: Group | null | undefined = undefined;
  /** Who gets the results; {@link OVER} once they were told that all tasks have ended. */
  sink: ResultSink | undefined = undefined;
  /** Why values will be missing that no task has failed to give. */
  failure: GroupFailure | undefined = undefined;
  /** Tasks that ended without having started, if no others have ended: see {@link endedTasks}. */
  declare unstarted: Task[] | undefined;

  constructor(identity: GroupIdentity, work: Work) {
    super(identity);
    this.work = work;
  }

  override get tasks(): readonly Task[] {
    return super.tasks as readonly Task[];
  }

  /**
   * The tasks that have ended, as far as they are there. A task that was cancelled before its group
   * could run any is there though the pool forgot it: nobody had the time to ask for its result.
   */
  get endedTasks(): readonly Task[] {
    if (this.unstarted?.length === this.ended) return this.unstarted;
    return this.tasks.filter(({ state }) => state === ENDED);
  }

  /** Notes a task that has just ended without having started. */
  addUnstarted(task: Task): void {
    if (this.ended === 1) this.unstarted = [task];
    else if (this.unstarted?.length === this.ended - 1) this.unstarted.push(task);
  }

  /** The tasks that wait for a slot, in the order in which they get one. */
  get waiting(): Task[] {
    const head = this.head === undefined ? [] : [this.head];
    return this.backlog === undefined ? head : head.concat(this.backlog.toArray());
  }

  /** Takes out a task that waits. */
  dropWaiting(task: Task): void {
    if (this.head === task) this.head = undefined;
    else if (this.backlog?.has(task)) this.backlog.remove(task);
  }

  /** Lets the next one that is run again wait at the head. */
  advanceBacklog(): void {
    this.head = this.backlog?.shift();
    if (this.backlog?.length === 0) this.backlog = undefined;
  }

  /** Whether it may run one more task. */
  get hasRoom(): boolean {
    const { numConcurrent, paused, slots } = this;
    return !paused && (numConcurrent === null || slots < numConcurrent);
  }

  /** Whether values would be missing if it were cancelled now, whatever becomes of what runs. */
  get isIncomplete(): boolean {
    const { source, created, head, backlog, identity } = this;
    if (head !== undefined || backlog !== undefined) return true;
    return source === 'open' && created !== identity.kind.planned;
  }

  /** Whether its last task has ended, and no other will come. */
  get isDone(): boolean {
    return this.source !== 'open' && this.ended === this.created;
  }

  /** Whether its sinks were told that it is done. */
  get isFinished(): boolean {
    return this.sink === OVER;
  }
}

// Hardly any group has one of these, so that none is made larger by them.
Group.prototype.backlog = undefined;
Group.prototype.unstarted = undefined;
