/** A task with its attempts. */

import { TaskRecord } from '../../machines/records.ts';
import { Attempt } from './attempt.ts';

export class AttemptedTask extends TaskRecord {
  /** The current attempt; undefined until it is needed, which it is for few tasks. */
  run: Attempt | undefined = undefined;

  /** The same, created if need be. */
  get ownRun(): Attempt {
    this.run ??= new Attempt();
    return this.run;
  }

  get signal(): AbortSignal {
    return this.ownRun.signalOf(this.id);
  }

  /** Aborts the signal; `now` by the monotonic clock. */
  abort(reason: unknown, now: number): void {
    this.ownRun.abortAt(reason, now);
  }

  /** Starts a new attempt with a new signal after one has failed. */
  beginNext(error: unknown): void {
    this.run = this.ownRun.next(error);
  }
}
