/** Publishes attempts on the channels of `node:diagnostics_channel`, for tracers. */

import { channel } from 'node:diagnostics_channel';
import { type BasePool, beforeAttempts, type Middleware, type TaskContext } from '../index.ts';

/** The message about an attempt: the same object on all channels. */
export interface AttemptMessage {
  /** The name of the pool. */
  readonly pool: string;
  /** The name of the group. */
  readonly group: string;
  /** The name of the function. */
  readonly functionName: string;
  /** The id of the task in its pool. */
  readonly id: number;
  /** The index of the task in its group, from 0. */
  readonly index: number;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** The value that the function returned; set at the end. */
  result?: unknown;
  /** The error that it threw; set at the end. */
  error?: unknown;
}

const start = channel('taskpool.task.start');
const end = channel('taskpool.task.end');
const failure = channel('taskpool.task.error');

/**
 * Publishes each attempt of each task: on `taskpool.task.start` before its function is called, on
 * `taskpool.task.error` if it throws, and on `taskpool.task.end` once it has settled, with an {@link AttemptMessage}.
 * Stores bound to `taskpool.task.start` are active during the attempt. Without subscribers attempts are not wrapped.
 *
 * @returns a function that ends it.
 */
export function publishDiagnostics(pool: BasePool): () => void {
  let stop: (() => void) | undefined;
  // Channels do not tell when somebody subscribes.
  const endChecks = beforeAttempts(pool, () => {
    if (hasSubscribers() === (stop !== undefined)) return;
    if (stop === undefined) stop = pool.around(publish);
    else stop = void stop();
  });
  return () => {
    endChecks();
    stop?.();
  };
}

function hasSubscribers(): boolean {
  return start.hasSubscribers || end.hasSubscribers || failure.hasSubscribers;
}

const publish: Middleware = (task, run) => {
  const message = messageOf(task);
  return start.runStores(message, () => settled(message, run()));
};

async function settled(message: AttemptMessage, attempt: Promise<unknown>): Promise<unknown> {
  try {
    const result = await attempt;
    message.result = result;
    return result;
  } catch (error) {
    message.error = error;
    failure.publish(message);
    throw error;
  } finally {
    end.publish(message);
  }
}

function messageOf(task: TaskContext): AttemptMessage {
  const { poolName, groupName, functionName, id, index, attempt } = task;
  return { pool: poolName, group: groupName, functionName, id, index, attempt };
}
