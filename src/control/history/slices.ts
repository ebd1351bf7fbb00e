/** Splits long work into slices of a few milliseconds, so that the event loop is not blocked. */

import { nextTurn } from '../../kit/jobs.ts';

/** The maximum duration of a slice, in milliseconds. */
const SLICE = 4;
/** The number of steps between two looks at the clock. */
const STEPS = 64;

/** Slices for work that loops itself. */
export class Slices {
  readonly #signal: AbortSignal | undefined;
  #start = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Yields to the event loop if the slice is over. @throws the reason of the signal. */
  async pause(): Promise<void> {
    if (performance.now() - this.#start < SLICE) return;
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#start = performance.now();
  }
}

/**
 * Runs steps until there are no more.
 *
 * @param step returns whether there is another step. An error that it throws ends the work.
 * @param steps the number of steps between two looks at the clock. Default: 64.
 * @throws the reason of the signal.
 */
export async function inSlices(
  step: () => boolean,
  signal?: AbortSignal,
  steps: number = STEPS,
): Promise<void> {
  const slices = new Slices(signal);
  while (true) {
    for (let made = 0; made < steps; made++) if (!step()) return;
    await slices.pause();
  }
}
