/** Fetches the results of calls that are too large for the events that say that there are some. */

import type { Call } from './call.ts';
import type { Jobs, Seen } from './jobs.ts';

/** As many are fetched at once. */
const MOST = 20;

export class Fetching {
  readonly #jobs: Pick<Jobs, 'look'>;
  readonly #onSeen: (call: Call, seen: Seen) => void;
  #waiting: Call[] = [];
  #running: Promise<void> | undefined = undefined;

  /** @param onSeen gets a call that is not over, and what became of it. */
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
      // Those that Redis does not tell now are looked at with all others of which nothing was heard.
      const all = await this.#jobs.look(calls.map(({ jobId }) => jobId)).catch(() => []);
      for (const [index, seen] of all.entries()) {
        const call = calls[index] as Call;
        if (!call.isOver) this.#onSeen(call, seen);
      }
    }
    this.#running = undefined;
  }
}
