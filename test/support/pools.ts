/** Pools for tests: in the actor mode of the run, and silent unless a logger is given. */

import {
  MemoryStore,
  type PoolOptions,
  type SimplePoolOptions,
  SimpleTaskPool,
  type TaskFunction,
  TaskPool,
} from 'xstate-taskpool';
import { untilQuiet } from '../../src/kit/fairness.ts';

export { Gate } from 'xstate-taskpool/testing';

export type ActorMode = NonNullable<PoolOptions['actors']>;

/** Tests of actors run once in each mode; only the cost may differ. */
export const actors: ActorMode = process.env['TASKPOOL_ACTORS'] === 'eager' ? 'eager' : 'lazy';

/** A logger that records its messages. */
export class Log {
  readonly lines: unknown[][] = [];
  info = (...data: unknown[]): void => {
    this.lines.push(data);
  };
  error = (...data: unknown[]): void => {
    this.lines.push(data);
  };
}

/** A pool with functions stores its calls, which needs a store. */
const defaults = ({ functions }: PoolOptions): PoolOptions => ({
  actors,
  logger: new Log(),
  ...(functions === undefined ? {} : { journal: new MemoryStore() }),
});

export function taskPool(options: PoolOptions = {}): TaskPool {
  return new TaskPool({ ...defaults(options), ...options });
}

export function simplePool<R, const A extends readonly unknown[] = []>(
  fn: TaskFunction<A, R | PromiseLike<R>>,
  args?: A,
  options: SimplePoolOptions = {},
): SimpleTaskPool<R> {
  return new SimpleTaskPool<R, A>(fn, args ?? ([] as unknown as A), {
    ...defaults(options),
    ...options,
  });
}

/** Lets all pending microtasks run, and those that they cause. */
export async function turn(): Promise<void> {
  // On a busy machine a pool yields a turn of the event loop in between. Pools of this realm are asked whether they
  // have continued; for those of another realm, more turns than needed are waited for.
  for (let turns = 0; turns < 10; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await untilQuiet();
}

/** A task function that runs until its signal is aborted, and then rejects with the reason. */
export function untilAborted(...args: unknown[]): Promise<never> {
  const { signal } = args.at(-1) as { signal: AbortSignal };
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
