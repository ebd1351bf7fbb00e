/** What becomes of a slot whose task has settled. */

import type { Group, Task } from '../live/live.ts';
import type { AsyncContext } from '../turn/async-context.ts';

/** Passes the slot of an ended task to the next in line. */
export interface Slots {
  /**
   * A task has fulfilled: ends it and starts the next one of its group in its slot, if nothing else affects either;
   * otherwise does nothing. Returns the started task if it belongs to the async context of the calling loop, which
   * must call its function before anything else.
   */
  relay(task: Task, value: unknown, context?: AsyncContext<Task>): Task | undefined;
  /**
   * A task of the group has ended: starts the tasks that may start now, and returns one for the calling loop as
   * {@link relay} does.
   */
  release(group: Group, context?: AsyncContext<Task>): Task | undefined;
  /** Whether other tasks may start once the function of that task was called, so that {@link called} is needed. */
  readonly hasMore: boolean;
  /** The function of that task was called. */
  called(group: Group, context?: AsyncContext<Task>): void;
}
