/** The interface of the work for an item. */

import type { REMOTE, RemoteBehaviour, TaskContext } from '../../../index.ts';
import type { CommandOutput } from '../output/command-output.ts';
import { jsonWithBytes } from './byte-text.ts';

/** The arguments of the work besides the item. */
export interface Attempt {
  /** The index of the item in the input, from 0. */
  readonly index: number;
  /** Aborted with the signal of the task, and when the run is aborted. */
  readonly signal: AbortSignal;
  /** Calls back with the reason on abort, immediately if already aborted. Cheaper than creating the signal. */
  onAbort(callback: (reason: unknown) => void): void;
  /**
   * @throws the reason of the abort, if it is aborted.
   */
  throwIfAborted(): void;
  /** Takes the output of a command, whatever its outcome. */
  readonly output: CommandOutput;
  /** The number of its slot, from 1. */
  readonly slot: number;
  /**
   * To be called when the work begins, which may be later than it got its slot.
   *
   * @param place where it begins, for work with the property `REMOTE`: its timeout counts from then.
   */
  begin(place?: string): void;
}

/** The work did not begin and will not: the item counts as still queued. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';
}

/** Returns the result of an item, or a promise of it; an error it throws is the failure of the item. */
export interface Work {
  (item: unknown, context: TaskContext, attempt: Attempt): unknown;
  /** Set if the work may begin later than its attempt: in a process, a thread, on another machine. */
  readonly [REMOTE]?: RemoteBehaviour;
}

/** An item as text for commands and messages: a string itself, anything else as JSON. */
export function textOf(item: unknown): string {
  return typeof item === 'string' ? item : jsonWithBytes(item);
}

/** The arguments of a command for an item. @param isList whether items are lists of values. */
export function argumentsOf(item: unknown, isList: boolean): readonly string[] {
  return isList && Array.isArray(item) ? item.map(textOf) : [textOf(item)];
}
