/** `threads()`: calls functions of a module in worker threads. */

import { availableParallelism } from 'node:os';
import { isTaskContext, REMOTE, type RemoteFunction, type TaskContext } from '../index.ts';
import { checkCount, checkGrace, checkObject, checkTexts, describe } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { oneLine, PRINTED } from '../kit/printed.ts';
import { read } from '../kit/realms.ts';
import { classesOf } from '../remote/errors.ts';
import type { ThreadOptions } from './thread.ts';
import { ThreadCall } from './thread-call.ts';
import { ThreadPool } from './thread-pool.ts';

/** The number of threads, their resources, and how they end. */
export interface ThreadsOptions extends ThreadOptions {
  /** The number of threads that are started immediately and kept. Default: 0. */
  readonly min?: number;
  /** The maximum number of threads; each runs one call at a time. Default: the number of cores. */
  readonly max?: number;
  /** Milliseconds for a function to settle after its signal is aborted; then its thread is ended. Default: 1,000. */
  readonly grace?: number;
  /** Milliseconds after which an idle thread ends, down to `min` threads. Default: 10,000. */
  readonly idleTimeout?: number;
}

/** The type of a module whose functions run in threads. */
export type InThreads<M> = {
  readonly [N in keyof M as M[N] extends AnyFunction ? N : never]: M[N] extends AnyFunction
    ? Remote<M[N]>
    : never;
};

/** The result of `threads()`: the functions of the module, and `close()`. */
export type Threads<M> = InThreads<Omit<M, 'close'>> & {
  /**
   * Ends the threads after all calls have settled; later calls reject with `PoolIsClosed`. Calls that have not
   * settled after `grace` milliseconds are aborted (default: `Infinity`).
   *
   * @throws TypeError, RangeError for invalid options.
   */
  close(options?: { readonly grace?: number }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

// biome-ignore lint/suspicious/noExplicitAny: parameters are contravariant, see task-types.ts
type AnyFunction = (...args: any[]) => unknown;

type Remote<F extends AnyFunction> = RemoteFunction<
  WithoutContext<Parameters<F>>,
  Awaited<ReturnType<F>>
>;

/** Removes a trailing context, which the pool passes. */
type WithoutContext<P extends readonly unknown[]> = P extends readonly [...infer A, TaskContext]
  ? A
  : P extends readonly [...infer A, TaskContext?]
    ? A
    : P;

const threadsOptions = new OptionBag<ThreadsOptions>({
  min: [checkCount, 'minThreads'],
  max: [
    (name, value) => checkCount(name, value, 1),
    'maxThreads',
    'concurrency',
    'maxWorkers',
    'size',
    'numThreads',
  ],
  grace: [checkGrace, 'gracePeriod'],
  idleTimeout: [checkGrace],
  resourceLimits: [checkObject],
  env: [checkObject],
  execArgv: [checkTexts],
  errors: ['errorClasses'],
});
const closeOptions = new OptionBag<{ grace?: number }>({ grace: [checkGrace, 'timeout'] });

/**
 * Returns the functions of a module, each of which runs in a worker thread. Each thread loads the module once.
 * Arguments and results are cloned, or moved with {@link move}; the context of the task is available in the thread. A
 * call rejects with the error of the function, or with `WorkerLost` if its thread dies.
 *
 * @param module the URL of the module: `new URL('./work.js', import.meta.url)`.
 * @throws TypeError, RangeError for invalid options.
 *
 * @example
 * ```ts no-run
 * const work = threads<typeof import('./work.js')>(new URL('./work.js', import.meta.url), { max: 4 });
 * const pool = new TaskPool();
 * const hashes = await pool.map(work.hash, files, { numConcurrent: 4 }).results();
 * await work.close();
 * ```
 */
export function threads<M>(module: URL | string, options: ThreadsOptions = {}): Threads<M> {
  threadsOptions.check('threads()', options);
  const pool = new ThreadPool(urlOf(module), MAIN, withDefaults(options));
  const close = async ({ grace = Number.POSITIVE_INFINITY }: { grace?: number } = {}) => {
    await pool.close(grace);
  };
  const own = {
    close: (given: { grace?: number } = {}) => {
      closeOptions.check('close()', given);
      return close(given);
    },
    [Symbol.asyncDispose]: () => close(),
    toJSON: () => ({ threads: pool.size }),
    [PRINTED]: () => `threads of ${oneLine(String(module))}: ${pool.size}`,
  };
  const functions = new Map<string, unknown>();
  return new Proxy(own, {
    get(target, name) {
      // `JSON.stringify` calls `toJSON`.
      if (typeof name === 'symbol' || name === 'close' || name === 'toJSON') {
        return Reflect.get(target, name);
      }
      // `await` reads `then`.
      if (name === 'then') return undefined;
      if (!functions.has(name)) functions.set(name, remoteFunction(pool, name));
      return functions.get(name);
    },
  }) as unknown as Threads<M>;
}

/** The program of a thread, next to the bundle that contains this file. */
const MAIN = new URL('./thread-main.js', import.meta.url);

function remoteFunction(pool: ThreadPool, functionName: string): unknown {
  const fn = (...given: unknown[]): Promise<unknown> => {
    const last = given.at(-1);
    const context = isTaskContext(last) ? last : undefined;
    const args = context === undefined ? given : given.slice(0, -1);
    return pool.run(new ThreadCall(functionName, args, context, pool));
  };
  const behaviour = { functionName, waitsFor: () => pool.waitsFor };
  Object.defineProperty(fn, 'name', { value: functionName });
  Object.defineProperty(fn, REMOTE, { value: behaviour });
  return fn;
}

function withDefaults(options: ThreadsOptions) {
  const { min = 0, max = Math.max(min, availableParallelism()) } = options;
  const { grace = 1_000, idleTimeout = 10_000 } = options;
  classesOf(options.errors);
  if (min > max) throw new RangeError(`expected min to be up to max = ${max}, got ${min}`);
  return { ...options, min, max, grace, idleTimeout };
}

function urlOf(module: unknown): string {
  const text = typeof module === 'string' ? module : read(module, 'href');
  if (typeof text === 'string' && URL.canParse(text)) return text;
  throw new TypeError(
    `expected the URL of a module, new URL('./work.js', import.meta.url) for instance, got ${describe(module)}`,
  );
}
