/** Adds calls to the queue, all calls of a turn together. */

// Imported, since tests may replace the global timers.
import { setImmediate } from 'node:timers';
import { isPassing, pauseFor } from '../faults.ts';
import type { Call } from './call.ts';
import type { Jobs } from './jobs.ts';

/** Jobs per request: all of them wait for its answer. */
const MOST = 500;
/** Milliseconds until a failed request is repeated. */
const PAUSE = 200;

export interface AddingParts {
  readonly jobs: Pick<Jobs, 'add'>;
  /** Seconds for which results are kept if nobody fetches them. */
  readonly keepResults: number;
  /** Called when a call is in the queue. */
  readonly onAdded: (call: Call) => void;
  /** Called with calls that Redis has refused; some of them may have been added. */
  readonly onRefused: (calls: readonly Call[], error: unknown) => void;
}

export class Adding {
  readonly #parts: AddingParts;
  #waiting: Call[] = [];
  #isClosed = false;

  constructor(parts: AddingParts) {
    this.#parts = parts;
  }

  /** Adds a call at the end of this turn, together with all others of the turn. */
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

  /** Adding is idempotent (existing jobs stay unchanged), so the whole request can be repeated. */
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
