/** A group while it lives: its record, and what must not be in a record. */

import { type GroupIdentity, GroupRecord } from '../machines/records.ts';
import type { Feed } from './feed.ts';
import type { TaskCallback } from './options.ts';
import type { ResultSink } from './results.ts';
import type { Task } from './task.ts';
import type { AnyFunction } from './task-types.ts';

/** What the engine needs to run a group. */
export interface GroupWork {
  readonly fn: AnyFunction;
  /** How many arguments the function can see: with more than it is given, it gets a context. */
  readonly visible: number;
  /** Whether an item is an array of arguments, and not one. */
  readonly spreads: boolean;
  /** Undefined where there is none, as for most groups. */
  readonly callbacks: Callbacks | undefined;
}

/** What a group calls about its tasks. */
export interface Callbacks {
  readonly end: TaskCallback | undefined;
  readonly cancel: TaskCallback | undefined;
}

/** What the source threw, or the reason the group was cancelled with: whichever came first. */
export interface GroupFailure {
  readonly error: unknown;
  /** Whether somebody has to be told: a cancellation is no failure of its group. */
  readonly counts: boolean;
}

export class Group extends GroupRecord implements GroupWork {
  readonly fn: AnyFunction;
  readonly visible: number;
  readonly spreads: boolean;
  readonly callbacks: Callbacks | undefined;
  /** Set right after creation: a feed may need to call back about its group. */
  feed!: Feed;
  /** The task that waits for a slot: at most one, so that waiting is fair between groups. */
  head: Task | undefined = undefined;
  /** Whether the group stands in the line for slots, and who comes after it. */
  isWaiting = false;
  behind: Group | undefined = undefined;
  /** Who gets the results. */
  sink: ResultSink | undefined = undefined;
  /** What ended the source before its time. */
  failure: GroupFailure | undefined = undefined;
  /** Whether its sinks were told that all have ended. */
  isFinished = false;
  /** Undoes the subscription to the group's signal. */
  unlisten: (() => void) | undefined = undefined;

  constructor(identity: GroupIdentity, work: GroupWork) {
    super(identity);
    this.fn = work.fn;
    this.visible = work.visible;
    this.spreads = work.spreads;
    this.callbacks = work.callbacks;
  }

  override get tasks(): readonly Task[] {
    return super.tasks as readonly Task[];
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
}
