/** The plain data that a group keeps in its journal for recovery by another process. */

import type { Json } from '../events/events.ts';

/** The stored items or calls of the tasks of a group, including future ones. */
export interface Stored {
  /** How many are no tasks yet. */
  readonly numLeft: number;
  /** Whether the item of the next task is already stored. */
  readonly hasNext: boolean;
  /** Those that are no tasks yet, in the form of {@link supply}. */
  readonly rest: readonly Json[];
  /** How many calls of `submit` there have been: the index of the next. Undefined for other groups. */
  submitted?: number;
  /** Adds items or calls for further tasks. */
  supply(items: readonly Json[]): void;
  /** Removes calls that will never be tasks. */
  withdraw(indices: readonly number[]): void;
  /** A task was created, from the given item or from a stored one. */
  enter(index: number, item: Json | undefined): void;
  /** A task has ended. */
  leave(index: number): void;
  /** The item of a task that has not ended; undefined if it is not stored. */
  of(index: number): Json | undefined;
  /** A copy of an item for a call of the task's function, which may modify it. */
  copyOf(item: Json): Json;
  /** What is stored for this task only, if it has not ended, in the form of {@link enter}. */
  own(index: number): Json | undefined;
}
