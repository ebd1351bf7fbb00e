/**
 * Remote functions, which run in a thread or on another machine. A pool calls them like any function; their property
 * {@link REMOTE}, which any function may have, describes how.
 */

import { read } from '../../kit/realms.ts';
import type { PoolIdentity, TaskContext } from './task-context.ts';

/**
 * The property that marks a function as remote: it only forwards its calls. Such a function always gets its context
 * as the last argument. It must call `context.placed()` when the call has started there: `timeout` and `ran` count
 * from then, and until then `explain()` reports what the call waits for.
 */
export const REMOTE: unique symbol = Symbol.for('xstate-taskpool.remote') as never;

/** What a remote function offers to its pool. */
export interface RemoteBehaviour {
  /** The name of the function there. */
  readonly functionName: string;
  /**
   * Why a call has not started yet, as a phrase such as `no worker has served crawl for 12 s`; undefined if unknown.
   */
  waitsFor?(call: RemoteCall): string | undefined;
  /**
   * Reattaches to calls that were in progress when the process of their pool died. Called during a recovery, before
   * anything is recorded. Resolves with one entry per call: a function that settles as the call does, or undefined if
   * the call is lost; its task then counts as interrupted and is run again.
   */
  reattach?(calls: readonly RemoteCall[]): Promise<readonly (Reattached | undefined)[]>;
}

/** Settles as the earlier call does. Called once, with a new context. */
export type Reattached = (context: TaskContext) => unknown;

/** One attempt of a task with a remote function. */
export interface RemoteCall {
  /** Its pool, with the epoch in which the attempt started. */
  readonly pool: PoolIdentity;
  /** The id of the task. */
  readonly id: number;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** The place of the task in its group, from 0. */
  readonly index: number;
  /** The name of the group of the task. */
  readonly groupName: string;
  /** The arguments of the function, without the context. */
  readonly args: readonly unknown[];
  /** The option `passContext`: if false, the function there gets no context after its arguments. */
  readonly isPassed: boolean;
}

/** A remote function, which runs in a thread or on another machine. */
export interface RemoteFunction<A extends readonly unknown[], R> {
  /** Called outside of a pool, it gets no context. */
  (...args: [...A, context?: TaskContext]): Promise<R>;
  readonly [REMOTE]: RemoteBehaviour;
}

/** The remote behaviour of a function; undefined if it runs here, as most do. */
export function remoteOf(fn: object): RemoteBehaviour | undefined {
  try {
    return (fn as { readonly [REMOTE]?: RemoteBehaviour })[REMOTE];
  } catch {
    return undefined;
  }
}

/** Whether a value is the context of a task function. */
export function isTaskContext(value: unknown): value is TaskContext {
  return typeof value === 'object' && value !== null && read(value, CONTEXT) === true;
}

/** The property that marks contexts, also those of another copy of this package. */
export const CONTEXT: unique symbol = Symbol.for('xstate-taskpool.context') as never;
