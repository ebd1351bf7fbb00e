/** The number of waiting submissions. They have no events, since they are no tasks yet, so the server is asked. */

import { signal } from '@preact/signals';
import type { ControlLink } from '../../../control/client/index.ts';
import type { PoolState } from '../../../machines/pool-state.ts';
import { numPendingOf } from './moment.ts';

/** Milliseconds between an answer and the next request. */
const EVERY = 250;

export class Submitted {
  /** The number of waiting submissions, as of a moment ago. */
  readonly numWaiting = signal(0);
  readonly #link: ControlLink;
  #isAsking = false;
  #notBefore = 0;

  constructor(link: ControlLink) {
    this.#link = link;
  }

  /** Requests the number if there may be submissions, unless that was done recently or is pending. */
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
      // Events that preceded the answer have been applied by then.
      await new Promise((resolve) => setTimeout(resolve));
      this.numWaiting.value = Math.max(0, numPending - numPendingOf(state));
    } catch {
      // The next request may succeed.
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
