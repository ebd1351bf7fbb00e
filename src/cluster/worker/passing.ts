/**
 * Passes on calls that this worker cannot run (another version, or an unknown function) but another one can: they go
 * to the end of the queue, so that the calls behind them are not blocked.
 */

import type { RedisClient } from '../../node/redis/connection.ts';
import { pauseFor } from '../faults.ts';
import { run } from '../scripts.ts';
import { PASS_ON } from './scripts.ts';

/**
 * Milliseconds until the next call is taken, once all waiting calls were passed on: the minimum, the time per call,
 * and the maximum.
 */
const PAUSE = { least: 100, each: 2, most: 1000 };

export class Passing {
  readonly #client: RedisClient;
  readonly #queue: string;
  /** The number of calls passed on in a row. */
  #passed = 0;
  #pause: Promise<void> | undefined = undefined;

  /**
   * @param queue the prefix of the keys of the queue.
   */
  constructor(client: RedisClient, queue: string) {
    this.#client = client;
    this.#queue = queue;
  }

  /** A call arrived that this worker can run. */
  fits(): void {
    this.#passed = 0;
  }

  /** Passes a job on; resolves when this worker should take the next one. */
  async pass(jobId: string, token: string): Promise<void> {
    const waiting = await run(this.#client, PASS_ON, [this.#queue], [jobId, token]).catch(
      () => null,
    );
    this.#passed++;
    if (this.#passed >= Number(waiting ?? 0)) this.#pause ??= this.#wait();
    await this.#pause;
  }

  async #wait(): Promise<void> {
    const { least, each, most } = PAUSE;
    await pauseFor(Math.min(most, Math.max(least, each * this.#passed)));
    this.#pause = undefined;
    this.#passed = 0;
  }
}
