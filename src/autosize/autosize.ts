/** `autosize()`: adjusts the size of a pool by a policy. */

import type { BasePool, Logger } from '../index.ts';
import {
  checkCount,
  checkDuration,
  checkLimit,
  checkOptionalSignal,
  hasMethods,
  refuse,
} from '../kit/checks.ts';
import { later } from '../kit/later.ts';
import { onAbort } from '../kit/on-abort.ts';
import { OptionBag } from '../kit/option-bag.ts';
import {
  checkedAdvice,
  checkPolicy,
  clamp,
  type Decide,
  type SizePolicy,
  type SizeSample,
} from './policy.ts';
import { Sampler } from './sampler.ts';

/** Options of {@link autosize}. */
export interface AutosizeOptions {
  /** The smallest size, a positive integer. Default: 1. */
  readonly min?: number;
  /** The largest size, an integer of at least `min`, or `Infinity`. */
  readonly max: number;
  /** The policy: `aimd()`, `gradient()`, `system()`, a combination with `smallest(…)`, or your own. */
  readonly policy: SizePolicy;
  /** Milliseconds between two samples, by the clock of the pool; idle pools are not sampled. Default: 1,000. */
  readonly interval?: number;
  /** Stops the adjustment when it is aborted. Default: none. */
  readonly signal?: AbortSignal;
  /** Gets errors of the policy, after which the size stays unchanged. Default: `console`. */
  readonly logger?: Pick<Logger, 'error'>;
}

const OPTIONS = new OptionBag<AutosizeOptions>({
  min: ['minConcurrency', 'minSize'],
  max: ['maxConcurrency', 'maxSize'],
  policy: ['strategy', 'algorithm'],
  interval: ['every', 'period'],
  signal: [],
  logger: [],
});

/** Adjusts the size of a pool, until it is stopped or the pool is closed. */
export interface Autosizer extends Disposable {
  /** The number of complete samples. */
  readonly numSamples: number;
  /** The latest sample; undefined before the first one. */
  readonly sample: SizeSample | undefined;
  /** Stops the adjustment; the size stays as it is. */
  stop(): void;
}

/** Pools with an autosizer, since a pool can have only one. */
const autosized = new WeakSet<BasePool>();

/**
 * Adjusts the size of a pool between `min` and `max` by a policy, based on samples of its activity. Each change is an
 * event `pool.resized` with the reason of the policy. A pool without a limit starts with `min`, any other with its
 * own size, limited to the bounds.
 *
 * @returns the autosizer, with `stop()`.
 * @throws TypeError, RangeError for invalid options; TypeError if the pool is autosized already.
 * @throws PoolIsClosed
 *
 * @example
 * ```ts
 * import { TaskPool } from 'xstate-taskpool';
 * import { aimd, autosize } from 'xstate-taskpool/autosize';
 *
 * const pool = new TaskPool();
 * autosize(pool, { max: 100, policy: aimd({ maxLatency: 500 }) });
 * pool.poolSize; // => 1
 * await pool.gatherAndClose();
 * ```
 */
export function autosize(pool: BasePool, options: AutosizeOptions): Autosizer {
  if (!hasMethods(pool, 'resize', 'on')) refuse('pool to be a pool', pool);
  OPTIONS.check('autosize()', options);
  const { min = 1, max, policy, interval = 1_000, signal } = options;
  checkCount('min', min, 1);
  checkLimit('max', max, min);
  checkPolicy(policy);
  checkDuration('interval', interval);
  checkOptionalSignal('signal', signal);
  const { logger } = options;
  if (logger !== undefined && !hasMethods(logger, 'error'))
    refuse('logger to have error()', logger);
  if (autosized.has(pool)) {
    throw new TypeError(`expected a pool that is not autosized, got ${pool}`);
  }
  return new Autosizing(pool, { ...options, min, interval });
}

type Settings = AutosizeOptions & Required<Pick<AutosizeOptions, 'min' | 'interval'>>;

class Autosizing implements Autosizer {
  numSamples = 0;
  sample: SizeSample | undefined = undefined;
  readonly #pool: BasePool;
  readonly #settings: Settings;
  readonly #sampler: Sampler;
  readonly #off: readonly (() => void)[];
  #decide: Decide;
  /** Cancels the timer; undefined if there is none. */
  #disarm: (() => void) | undefined = undefined;

  constructor(pool: BasePool, settings: Settings) {
    const { min, max, policy, signal } = settings;
    this.#pool = pool;
    this.#settings = settings;
    this.#decide = policy.decide;
    const { poolSize } = pool;
    const first = poolSize === Number.POSITIVE_INFINITY ? min : clamp(poolSize, min, max);
    pool.resize(first, { reason: `autosize from ${min} to ${max}` });
    autosized.add(pool);
    this.#sampler = new Sampler(pool);
    const stop = () => this.stop();
    this.#off = [
      pool.on('task.started', () => this.#arm()),
      pool.on('pool.closed', stop),
      signal === undefined ? () => {} : onAbort(signal, stop),
    ];
    if (signal?.aborted) stop();
    else if (pool.numRunning > 0) this.#arm();
  }

  stop(): void {
    if (!autosized.delete(this.#pool)) return;
    for (const off of this.#off) off();
    this.#sampler.stop();
    this.#disarm?.();
    this.#disarm = undefined;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #arm(): void {
    if (this.#disarm !== undefined) return;
    // The timer must not keep the process alive; the running tasks may.
    this.#disarm = later(this.#settings.interval, () => this.#tick(), this.#pool.clock, false);
  }

  #tick(): void {
    this.#disarm = undefined;
    try {
      this.#adjust();
    } catch (error) {
      const { logger = console } = this.#settings;
      logger.error(`autosize of ${this.#pool}:`, error);
    }
    if (this.#pool.numRunning > 0) this.#arm();
  }

  #adjust(): void {
    const { min, max, policy } = this.#settings;
    const sample = this.#sampler.take({ min, max, load: policy.readLoad?.() });
    this.sample = sample;
    if (sample.isComplete) this.numSamples++;
    const { size, reason, next } = checkedAdvice(this.#decide(sample));
    this.#decide = next;
    this.#pool.resize(clamp(Math.round(size), min, max), { reason });
  }
}
