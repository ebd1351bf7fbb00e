/** Puts calls into the queue: all of a turn at once. */

// Not the global ones, which a test may have replaced.
import { setImmediate } from 'node:timers';
import { isPassing, pauseFor } from '../faults.ts';
import type { Call } from './call.ts';
import type { Jobs } from './jobs.ts';

/** As many jobs are sent at once: an answer is waited for by all of them. */
const MOST = 500;
/** Milliseconds before jobs are added again that Redis did not take. */
const PAUSE = 200;

export interface AddingParts {
  readonly jobs: Pick<Jobs, 'add'>;
  /** Seconds for which results are kept that no one takes. */
  readonly keepResults: number;
  /** Called when a call is in the queue. */
  readonly onAdded: (call: Call) => void;
  /** Takes calls back that Redis has refused, those that are there and wait included. */
  readonly onRefused: (calls: readonly Call[], error: unknown) => void;
}

export class Adding {
  readonly #parts: AddingParts;
  #waiting: Call[] = [];
  #isClosed = false;

  constructor(parts: AddingParts) {
    this.#parts = parts;
  }

  /** Adds a call at the end of this turn, with all others of it. */
  add(call: Call): void {
    if (this.#waiting.push(call) === 1) setImmediate(() => this.#flush());
  }

  close(): void {
    this.#isClosed = true;
  }

  #flush(): void {
    const calls = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < calls.length; from += MOST) {
      void this.#send(calls.slice(from, from + MOST));
    }
  }

  /** A job that is there already is left as it is, so that all of them may be added again. */
  async #send(all: readonly Call[]): Promise<void> {
    const { jobs, keepResults, onAdded, onRefused } = this.#parts;
    for (;;) {
      const calls = all.filter(({ isOver }) => !isOver);
      if (calls.length === 0 || this.#isClosed) return;
      for (const call of calls) call.state = 'sending';
      try {
        await jobs.add(calls, keepResults);
        for (const call of calls) if (call.state === 'sending') onAdded(call);
        return;
      } catch (error) {
        if (!isPassing(error)) {
          onRefused(calls, error);
          return;
        }
        await pauseFor(PAUSE);
      }
    }
  }
}
