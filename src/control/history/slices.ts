/** Splits long work into slices of a few milliseconds, so that the event loop is not blocked. */

import { nextTurn } from '../../kit/jobs.ts';

/** The maximum duration of a slice, in milliseconds. */
const SLICE = 4;
/** The number of steps between two looks at the clock. */
const STEPS = 64;

/** The slices of one piece of work. Its parts share them, or a slice would be as long as all parts together. */
export class Slices {
  readonly #signal: AbortSignal | undefined;
  readonly #turn: () => Promise<void>;
  #start = performance.now();

  /**
   * @param signal ends the work between two slices.
   * @param turn what happens between two slices. Default: a turn of the event loop.
   */
  constructor(signal?: AbortSignal, turn: () => Promise<void> = nextTurn) {
    this.#signal = signal;
    this.#turn = turn;
  }

  /** Starts the next slice if this one is over. @throws the reason of the signal. */
  async pause(): Promise<void> {
    if (performance.now() - this.#start < SLICE) return;
    await this.#turn();
    this.#signal?.throwIfAborted();
    this.#start = performance.now();
  }

  /**
   * Runs steps until there are no more.
   *
   * @param step returns whether there is another step. An error that it throws ends the work.
   * @param steps the number of steps between two looks at the clock. Default: 64.
   * @throws the reason of the signal.
   */
  async run(step: () => boolean, steps: number = STEPS): Promise<void> {
    while (true) {
      for (let made = 0; made < steps; made++) if (!step()) return;
      await this.pause();
    }
  }
}
