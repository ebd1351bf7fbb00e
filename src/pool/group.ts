/** A group while it lives: its record, and what must not be in a record. */

import { type GroupFields, GroupRecord } from '../machines/records.ts';
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
  readonly endCallback: TaskCallback | undefined;
  readonly cancelCallback: TaskCallback | undefined;
}

export class Group extends GroupRecord {
  readonly work: GroupWork;
  /** Set right after creation: a feed may need to call back about its group. */
  feed!: Feed;
  /** The task that waits for a slot: at most one, so that waiting is fair between groups. */
  head: Task | undefined = undefined;
  /** Whether the group stands in the line for slots, and who comes after it. */
  isWaiting = false;
  behind: Group | undefined = undefined;
  /** Who gets the results. */
  readonly sinks: ResultSink[] = [];
  /** What the source threw, or the reason the group was cancelled with. */
  failure: { readonly error: unknown } | undefined = undefined;
  /** Undoes the subscription to the group's signal. */
  unlisten: (() => void) | undefined = undefined;

  constructor(fields: GroupFields, work: GroupWork) {
    super(fields);
    this.work = work;
  }

  override get tasks(): readonly Task[] {
    return super.tasks as readonly Task[];
  }

  /** Whether it may run one more task. */
  get hasRoom(): boolean {
    return !this.paused && this.slots < this.numConcurrent;
  }

  /** Whether its last task has ended, and no other will come. */
  get isDone(): boolean {
    return this.source !== 'open' && this.ended === this.created;
  }
}
