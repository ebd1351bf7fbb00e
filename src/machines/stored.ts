/** The plain data that a group keeps in its journal for recovery by another process. */

import type { Json } from '../events/events.ts';

/** What a journal holds of the tasks of a group, and of those to come. */
export interface Stored {
  /** How many are there for the tasks to come. */
  readonly numLeft: number;
  /** Whether it is stored already what the next task is called with. */
  readonly hasNext: boolean;
  /** What is there for the tasks to come, in a form for {@link supply}. */
  readonly rest: readonly Json[];
  /** How many calls of `submit` there were: the index of the next. Undefined for other groups. */
  submitted?: number;
  /** Something for further tasks was stored. */
  supply(items: readonly Json[]): void;
  /** What was stored for some of the tasks to come is of no use any more. */
  withdraw(indices: readonly number[]): void;
  /** A task was made: of the given item, or of one that is stored already. */
  enter(index: number, item: Json | undefined): void;
  /** A task has ended. */
  leave(index: number): void;
  /** What a task that has not ended is called with; undefined if that is not stored. */
  of(index: number): Json | undefined;
  /** A copy of that, for a call of the task's function: what is stored stays as it is. */
  copyOf(item: Json): Json;
  /** What is stored of a task that has not ended and of no other, in a form for {@link enter}. */
  own(index: number): Json | undefined;
}
