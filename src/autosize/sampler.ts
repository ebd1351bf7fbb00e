/** Samples the activity of a pool from its events. */

import type { BasePool, PoolEventOf } from '../index.ts';
import type { SizeSample } from './policy.ts';

/** The minimum number of attempts for an average. */
const FEWEST_ATTEMPTS = 20;

/** The parts of a sample that the caller adds. */
type Known = Pick<SizeSample, 'min' | 'max' | 'load'>;

export class Sampler {
  readonly #pool: BasePool;
  readonly #now: () => number;
  readonly #off: readonly (() => void)[];
  #from: number;
  #peak = 0;
  #fulfilled = 0;
  #failed = 0;
  #ran = 0;
  #ranSquared = 0;

  constructor(pool: BasePool) {
    const { clock } = pool;
    this.#pool = pool;
    this.#now = () => clock.monotonic?.() ?? clock.now();
    this.#from = this.#now();
    this.#off = [
      pool.on('task.ended', (event) => this.#end(event)),
      pool.on('task.failed', () => this.#fail()),
    ];
  }

  /** The sample up to now. If it is complete, the next one begins here. */
  take({ min, max, load }: Known): SizeSample {
    const pool = this.#pool;
    const [fulfilled, failed] = [this.#fulfilled, this.#failed];
    const peak = Math.max(this.#peak, pool.numRunning);
    const now = this.#now();
    const sample = {
      duration: now - this.#from,
      size: pool.poolSize,
      min,
      max,
      peak,
      fulfilled,
      failed,
      latency: fulfilled === 0 ? undefined : this.#ran / fulfilled,
      latencyError: this.#latencyError(),
      pending: pool.numPending,
      isComplete: fulfilled + failed >= Math.max(peak, FEWEST_ATTEMPTS),
      load,
    };
    if (sample.isComplete) this.#begin(now);
    return sample;
  }

  stop(): void {
    for (const off of this.#off) off();
  }

  #latencyError(): number {
    const count = this.#fulfilled;
    if (count < 2) return 0;
    const variance = (this.#ranSquared - this.#ran ** 2 / count) / (count - 1);
    return Math.sqrt(Math.max(0, variance) / count);
  }

  #begin(now: number): void {
    this.#from = now;
    this.#peak = 0;
    this.#fulfilled = 0;
    this.#failed = 0;
    this.#ran = 0;
    this.#ranSquared = 0;
  }

  #end({ outcome, ran = 0 }: PoolEventOf<'task.ended'>): void {
    if (outcome === 'rejected') this.#fail();
    else if (outcome === 'fulfilled') {
      this.#see();
      this.#fulfilled++;
      this.#ran += ran;
      this.#ranSquared += ran * ran;
    }
  }

  #fail(): void {
    this.#see();
    this.#failed++;
  }

  /** The task that has just ended was running too. */
  #see(): void {
    this.#peak = Math.max(this.#peak, this.#pool.numRunning + 1);
  }
}
