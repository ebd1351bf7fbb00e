/** Long work in slices of a few milliseconds, so that the pool gets its turns in between. */

import { nextTurn } from '../../kit/jobs.ts';

/** How long a slice takes at the most, in milliseconds. */
const SLICE = 4;
/** How many steps are made before the time is looked at again. */
const STEPS = 64;

/** The slices of work that makes its steps itself. */
export class Slices {
  readonly #signal: AbortSignal | undefined;
  #start = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Lets others have their turn if it is time. @throws the reason of the signal. */
  async pause(): Promise<void> {
    if (performance.now() - this.#start < SLICE) return;
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#start = performance.now();
  }
}

/**
 * Makes steps for as long as there are any.
 *
 * @param step returns whether there is another one. What it throws ends the work.
 * @param steps how many steps are made before the time is looked at. Default: 64.
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
