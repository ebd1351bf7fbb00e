/** Removes the jobs of calls whose results were delivered, after the results are stored if there is a store. */

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

  /** The result of a call was delivered. */
  add(call: Call): void {
    this.#taken.push(call);
    this.#running ??= this.#run();
  }

  /** Resolves when all jobs are removed. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Runs in a loop: calls added meanwhile are removed together. */
  async #run(): Promise<void> {
    while (this.#taken.length > 0) {
      // The outcomes are recorded in this turn.
      await setImmediate();
      const calls = this.#taken;
      this.#taken = [];
      // If removing fails, Redis expires the jobs itself.
      await this.#remove(calls).catch(() => {});
    }
    this.#running = undefined;
  }

  async #remove(calls: readonly Call[]): Promise<void> {
    // One context per pool suffices: the outcomes of all its calls are recorded by now.
    const pools = new Map(calls.map((call) => [call.data.pool.uid, call.context]));
    await Promise.all([...pools.values()].map((context) => context?.untilStored()));
    const idsOf = (end: Call['end']) =>
      calls.filter((call) => call.end === end).map(({ jobId }) => jobId);
    await this.#jobs.remove(idsOf('completed'), idsOf('failed'));
  }
}
