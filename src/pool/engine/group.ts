/** A group while it lives: its record, and what must not be in a record. */

import type { StateTasks } from '../../machines/records.ts';
import { type GroupIdentity, GroupRecord } from '../../machines/records.ts';
import type { Feed } from '../feed.ts';
import { OVER, type ResultSink } from '../results/results.ts';
import type { Task } from './task.ts';
import type { Work } from './work.ts';

/** What the source threw, or the reason the group was cancelled with: whichever came first. */
export interface GroupFailure {
  readonly error: unknown;
  /** Whether somebody has to be told: a cancellation is no failure of its group. */
  readonly counts: boolean;
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
  /** What ended the source before its time. */
  failure: GroupFailure | undefined = undefined;

  constructor(identity: GroupIdentity, work: Work) {
    super(identity);
    this.work = work;
  }

  override get tasks(): readonly Task[] {
    return super.tasks as readonly Task[];
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

  /** Whether its last task has ended, and no other will come. */
  get isDone(): boolean {
    return this.source !== 'open' && this.ended === this.created;
  }

  /** Whether its sinks were told that it is done. */
  get isFinished(): boolean {
    return this.sink === OVER;
  }
}

// Hardly any group has one, so that none is made larger by it.
Group.prototype.backlog = undefined;
