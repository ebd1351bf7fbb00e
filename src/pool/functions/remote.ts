/**
 * Functions that run elsewhere: in a thread, or on another machine. A pool calls them like any function; their
 * property {@link REMOTE}, which any function may have, describes how.
 */

import { read } from '../../kit/realms.ts';
import type { PoolIdentity, TaskContext } from './task-context.ts';

/**
 * The property of a function that says that it only forwards its calls. Such a function always gets its
 * context as the last argument. It calls `context.placed()` when the call has begun there: `timeout` and
 * `ran` count from that, and until then `explain()` says what it waits for.
 */
export const REMOTE: unique symbol = Symbol.for('xstate-taskpool.remote') as never;

/** What a pool may ask of a function that runs elsewhere. */
export interface RemoteBehaviour {
  /** What it is called there. */
  readonly functionName: string;
  /**
   * Why a call was not begun yet, as the rest of a sentence: `no worker has served crawl for 12 s`;
   * undefined where that is not known.
   */
  waitsFor?(call: RemoteCall): string | undefined;
  /**
   * What became of calls that were going on when the process of their pool died. Asked while a pool is
   * recovered, before anything is recorded. For each call it gives a function that settles as the call
   * does, or undefined for a call that is lost: its task is interrupted then, and run again.
   */
  reattach?(calls: readonly RemoteCall[]): Promise<readonly (Reattached | undefined)[]>;
}

/** Settles as a call does that was made before. Called once, with a new context. */
export type Reattached = (context: TaskContext) => unknown;

/** One attempt of a task whose function runs elsewhere. */
export interface RemoteCall {
  /** Its pool, in the epoch in which the attempt has started. */
  readonly pool: PoolIdentity;
  /** Of the task, in its pool. */
  readonly id: number;
  /** From 1. */
  readonly attempt: number;
  /** The place of the task in its group, from 0. */
  readonly index: number;
  readonly groupName: string;
  readonly args: readonly unknown[];
  /** False where the option `passContext` is: the function over there gets no context behind its arguments. */
  readonly isPassed: boolean;
}

/** A function that runs elsewhere. */
export interface RemoteFunction<A extends readonly unknown[], R> {
  /** Outside of a pool there is no context. */
  (...args: [...A, context?: TaskContext]): Promise<R>;
  readonly [REMOTE]: RemoteBehaviour;
}

/** How a function runs elsewhere; undefined if it runs here, as most do. */
export function remoteOf(fn: object): RemoteBehaviour | undefined {
  try {
    return (fn as { readonly [REMOTE]?: RemoteBehaviour })[REMOTE];
  } catch {
    return undefined;
  }
}

/** Whether a value is the context that a pool has given to a function. */
export function isTaskContext(value: unknown): value is TaskContext {
  return typeof value === 'object' && value !== null && read(value, CONTEXT) === true;
}

/** The property by which contexts are known, whichever copy of this package made them. */
export const CONTEXT: unique symbol = Symbol.for('xstate-taskpool.context') as never;
