/** Brings the pool of a run to rest before its input ends. */

import type { PoolLimits, TaskPool } from '../../../index.ts';
import type { RunningItems } from '../items/running-items.ts';
import { turn } from '../timers.ts';
import { RunStopped } from './stop.ts';

/**
 * Suspends a pool that another process can resume: its journal then holds the outcomes up to that moment, and nothing
 * else. Any other pool is paused.
 */
export class WindingDown {
  readonly #pool: TaskPool<PoolLimits>;
  readonly #running: RunningItems;
  readonly #onRest: () => void;
  #isAtRest = false;
  /** Created only when there is a grace to end, since few runs are suspended. */
  #endGrace: AbortController | undefined = undefined;
  #suspended: Promise<void> | undefined = undefined;

  /**
   * @param onRest called once, when no task is running any more: right before a suspended pool releases the tasks
   *   that another process resumes.
   */
  constructor(pool: TaskPool<PoolLimits>, running: RunningItems, onRest: () => void) {
    this.#pool = pool;
    this.#running = running;
    this.#onRest = onRest;
  }

  /** Starts nothing more. @param isResumable whether another process can resume. */
  begin(message: string, isResumable: boolean): void {
    if (!isResumable) {
      if (!this.#pool.isClosed) this.#pool.pause();
      return;
    }
    this.#endGrace = new AbortController();
    const { signal } = this.#endGrace;
    const reason = new RunStopped(message);
    for (const type of ['task.ended', 'task.failed'] as const) {
      this.#pool.on(type, () => this.#look(), { signal });
    }
    this.#suspended = this.#pool.suspend({ grace: Number.POSITIVE_INFINITY, signal, reason });
    // A failure of the journal is an event, and handled as such.
    this.#suspended.catch(() => {});
    this.#look();
  }

  /** Resolves when nothing is running any more and the journal has the outcomes. */
  async atRest(): Promise<void> {
    while (this.#running.size > 0) {
      await new Promise<void>((resolve) => {
        this.#running.onLeft = resolve;
      });
    }
    // Outcomes of this turn are still to be recorded.
    await turn();
    this.#end();
    await this.#suspended?.catch(() => {});
  }

  #look(): void {
    if (this.#pool.numRunning === 0) this.#end();
  }

  #end(): void {
    if (this.#isAtRest) return;
    this.#isAtRest = true;
    this.#onRest();
    this.#endGrace?.abort();
  }
}
