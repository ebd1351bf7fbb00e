/**
 * Calls that are there for other workers, since this one has another version, or not their function: they go to the
 * end of the queue, so that what is behind them has its turn.
 */

import type { RedisClient } from '../../node/redis/connection.ts';
import { pauseFor } from '../faults.ts';
import { run } from '../scripts.ts';
import { PASS_ON } from './scripts.ts';

/** Milliseconds before another call is taken, once all that wait were passed on: at least, for each of them, at most. */
const PAUSE = { least: 100, each: 2, most: 1000 };

export class Passing {
  readonly #client: RedisClient;
  readonly #queue: string;
  /** So many in a row. */
  #passed = 0;
  #pause: Promise<void> | undefined = undefined;

  /** @param queue what the keys of the queue begin with. */
  constructor(client: RedisClient, queue: string) {
    this.#client = client;
    this.#queue = queue;
  }

  /** A call has come that runs here. */
  fits(): void {
    this.#passed = 0;
  }

  /** Passes a job on; resolves when this worker is to take the next one. */
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
