/** Removes the jobs of calls whose results were taken in, and stored where there is a store. */

import { setImmediate } from 'node:timers/promises';
import type { Call } from './call.ts';
import type { Jobs } from './jobs.ts';

export class Taking {
  readonly #jobs: Pick<Jobs, 'remove'>;
  #taken: Call[] = [];
  #running: Promise<void> | undefined = undefined;

  constructor(jobs: Pick<Jobs, 'remove'>) {
    this.#jobs = jobs;
  }

  /** The result of a call was handed on. */
  add(call: Call): void {
    this.#taken.push(call);
    this.#running ??= this.#run();
  }

  /** Resolves when all are removed. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** In turns: those that come meanwhile are removed together. */
  async #run(): Promise<void> {
    while (this.#taken.length > 0) {
      // What the calls have come to is recorded in this turn.
      await setImmediate();
      const calls = this.#taken;
      this.#taken = [];
      // What Redis keeps for longer than is needed, it drops by itself after a while.
      await this.#remove(calls).catch(() => {});
    }
    this.#running = undefined;
  }

  async #remove(calls: readonly Call[]): Promise<void> {
    // Of each pool one: what all of its calls have come to is recorded by now.
    const pools = new Map(calls.map((call) => [call.data.pool.uid, call.context]));
    await Promise.all([...pools.values()].map((context) => context?.untilStored()));
    const idsOf = (end: Call['end']) =>
      calls.filter((call) => call.end === end).map(({ jobId }) => jobId);
    await this.#jobs.remove(idsOf('completed'), idsOf('failed'));
  }
}
