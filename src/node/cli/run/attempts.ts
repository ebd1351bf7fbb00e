/** Tries the work of an item until it succeeds, or has failed often enough. */

import { backoff } from './backoff.ts';
import { ProgramMissing } from './exec/programs.ts';
import type { ItemRun } from './item-run.ts';
import { Slots } from './slots.ts';
import { NotBegun, type Work } from './work.ts';

/** How often, and how long, an item is tried. */
export interface AttemptOptions {
  /** How often to try again after a failure. */
  readonly retries: number;
  /** Milliseconds before the first retry, about; each one after it waits twice as long. */
  readonly retryDelay: number;
  /** Milliseconds until an attempt is aborted; undefined for no limit. */
  readonly timeout?: number;
  /** Called when an item is not tried again; with its result, or what its last attempt threw. */
  readonly onEnded?: (run: ItemRun, outcome: AttemptOutcome) => void;
}

/** What an item came to. */
export type AttemptOutcome = { readonly result: unknown } | { readonly error: unknown };

export class Attempts {
  /** Items at work, those that were begun first at the front. */
  readonly running = new Set<ItemRun>();
  /** How often an item was tried again. */
  numRetries = 0;
  /** Items that were at work when the run was stopped, and came to nothing. */
  numAborted = 0;
  readonly #work: Work;
  readonly #options: AttemptOptions;
  readonly #slots = new Slots();

  constructor(work: Work, options: AttemptOptions) {
    this.#work = work;
    this.#options = options;
  }

  /**
   * Works on an item. The slot of its task is held all the while, also between two attempts.
   *
   * @throws what the last attempt threw; a TimeoutError if that was aborted for taking too long.
   */
  async run(run: ItemRun): Promise<unknown> {
    run.slot = this.#slots.take();
    this.running.add(run);
    try {
      const result = await this.#repeat(run);
      this.#options.onEnded?.(run, { result });
      return result;
    } catch (error) {
      if (!(error instanceof NotBegun)) this.#options.onEnded?.(run, { error });
      throw error;
    } finally {
      this.running.delete(run);
      this.#slots.free(run.slot);
    }
  }

  async #repeat(run: ItemRun): Promise<unknown> {
    for (;;) {
      try {
        return await run.attempt(this.#work, this.#options.timeout);
      } catch (error) {
        const isLast =
          run.attempts > this.#options.retries ||
          error instanceof NotBegun ||
          error instanceof ProgramMissing;
        if (isLast || run.isStopped) throw error;
        this.numRetries++;
        await run.reportFailure(error);
        await run.pause(backoff(this.#options.retryDelay, run.attempts));
        if (run.isStopped) throw error;
      }
    }
  }

  /** Aborts what is at work; nothing is tried again. */
  stop(reason: unknown): void {
    for (const run of this.running) run.stop(reason);
  }
}
