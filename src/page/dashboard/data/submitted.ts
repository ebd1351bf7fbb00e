/** How many submissions wait: no event tells, as they are no tasks yet, so the server is asked. */

import { signal } from '@preact/signals';
import type { ControlLink } from '../../../control/client/index.ts';
import type { PoolState } from '../../../machines/pool-state.ts';
import { numPendingOf } from './moment.ts';

/** So long after an answer it is asked again, in milliseconds. */
const EVERY = 250;

export class Submitted {
  /** How many wait, as of a moment ago. */
  readonly numWaiting = signal(0);
  readonly #link: ControlLink;
  #isAsking = false;
  #notBefore = 0;

  constructor(link: ControlLink) {
    this.#link = link;
  }

  /** Asks anew where there may be some, unless that was a moment ago or is under way. */
  async refresh(state: PoolState): Promise<void> {
    if (!hasSubmissions(state)) {
      this.numWaiting.value = 0;
      return;
    }
    const isDue = performance.now() >= this.#notBefore;
    if (this.#isAsking || !isDue || this.#link.status !== 'connected') return;
    this.#isAsking = true;
    try {
      const numPending = await this.#link.request('numPending', {});
      // The events before the answer came with it, and are applied by then.
      await new Promise((resolve) => setTimeout(resolve));
      this.numWaiting.value = Math.max(0, numPending - numPendingOf(state));
    } catch {
      // The next time it may succeed.
    } finally {
      this.#isAsking = false;
      this.#notBefore = performance.now() + EVERY;
    }
  }
}

function hasSubmissions(state: PoolState): boolean {
  for (const group of state.groups) if (group.isSubmitted) return true;
  return false;
}
