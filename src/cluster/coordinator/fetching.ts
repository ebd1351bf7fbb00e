/** Fetches results that are too large for the events of their jobs. */

import type { Call } from './call.ts';
import type { Jobs, Seen } from './jobs.ts';

/** Results per request. */
const MOST = 20;

export class Fetching {
  readonly #jobs: Pick<Jobs, 'look'>;
  readonly #onSeen: (call: Call, seen: Seen) => void;
  #waiting: Call[] = [];
  #running: Promise<void> | undefined = undefined;

  /**
   * @param onSeen called with a pending call and the state of its job.
   */
  constructor(jobs: Pick<Jobs, 'look'>, onSeen: (call: Call, seen: Seen) => void) {
    this.#jobs = jobs;
    this.#onSeen = onSeen;
  }

  fetch(call: Call): void {
    this.#waiting.push(call);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const calls = this.#waiting.splice(0, MOST);
      // After an error the watch looks at these calls, like at all others without events.
      const all = await this.#jobs.look(calls.map(({ jobId }) => jobId)).catch(() => []);
      for (const [index, seen] of all.entries()) {
        const call = calls[index] as Call;
        if (!call.isOver) this.#onSeen(call, seen);
      }
    }
    this.#running = undefined;
  }
}
