/** What is done with an item. */

import type { REMOTE, RemoteBehaviour, TaskContext } from '../../../index.ts';
import type { CommandOutput } from '../output/command-output.ts';

/** What the work is given besides the item. */
export interface Attempt {
  /** The place of the item in the input, from 0. */
  readonly index: number;
  /** Aborted with that of the task, and when the run is cut short. */
  readonly signal: AbortSignal;
  /** Takes what a command prints, whatever comes of it. */
  readonly output: CommandOutput;
  /** The number of its slot, from 1. */
  readonly slot: number;
  /**
   * To be called when the work begins, which may be a while after there was a slot for it.
   *
   * @param place where it begins, for work with the property `REMOTE`: its timeout counts from then.
   */
  begin(place?: string): void;
}

/** The work was not begun, and is not to be begun any more. It is as if the item were still queued. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';
}

/** Returns the result of an item, or a promise of it; what it throws is the item's failure. */
export interface Work {
  (item: unknown, context: TaskContext, attempt: Attempt): unknown;
  /** There if the work may begin later than its attempt: in a process, a thread, on another machine. */
  readonly [REMOTE]?: RemoteBehaviour;
}

/** An item as the text that commands and messages show: what is no string is JSON. */
export function textOf(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item);
}

/** What a command is given for an item. @param isList whether items are lists of values. */
export function argumentsOf(item: unknown, isList: boolean): readonly string[] {
  return isList && Array.isArray(item) ? item.map(textOf) : [textOf(item)];
}
