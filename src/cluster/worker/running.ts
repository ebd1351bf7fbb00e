/** Calls that are running in this worker. */

// Imported, since tests may replace the global timers.
import timers from 'node:timers';
import { later } from '../../kit/later.ts';
import { LateSignal } from '../../remote/late-signal.ts';
import type { JobData } from '../wire.ts';

export class Running {
  readonly jobId: string;
  readonly functionName: string;
  readonly data: JobData;
  readonly late = new LateSignal();
  /** In milliseconds of `performance.now()`. */
  readonly since = performance.now();
  /** Why this worker aborted it: it is to be given back, or counts as lost. */
  fate: 'returned' | 'lost' | undefined = undefined;
  /** Whether it was given back, so that it does not belong to this worker any more. */
  isGivenBack = false;
  readonly #giveBack: () => Promise<unknown>;

  /**
   * @param giveBack puts its job back into the queue.
   */
  constructor(
    jobId: string,
    functionName: string,
    data: JobData,
    giveBack: () => Promise<unknown>,
  ) {
    this.jobId = jobId;
    this.functionName = functionName;
    this.data = data;
    this.#giveBack = giveBack;
  }

  get ran(): number {
    return performance.now() - this.since;
  }

  /** Gives the job back for another worker. Ignored if the job was removed meanwhile. */
  async giveBack(): Promise<void> {
    if (this.isGivenBack) return;
    this.isGivenBack = true;
    await this.#giveBack().catch(() => {});
  }
}

/** Milliseconds for which a cancel that arrives before its job is remembered. */
const REMEMBERED = 60_000;
const MOST_REMEMBERED = 10_000;

/** All running calls, and cancels of calls that may still arrive. */
export class RunningCalls {
  readonly #calls = new Map<string, Running>();
  /** Reasons by job, with the time at which they expire. */
  readonly #cancelled = new Map<string, { readonly reason: unknown; readonly until: number }>();
  #waiters: (() => void)[] = [];

  get size(): number {
    return this.#calls.size;
  }

  get all(): Running[] {
    return [...this.#calls.values()];
  }

  add(call: Running): void {
    this.#calls.set(call.jobId, call);
    const cancelled = this.#cancelled.get(call.jobId);
    if (cancelled === undefined) return;
    this.#cancelled.delete(call.jobId);
    call.late.abort(cancelled.reason);
  }

  delete({ jobId }: Running): void {
    this.#calls.delete(jobId);
    if (this.#calls.size > 0) return;
    for (const resolve of this.#waiters) resolve();
    this.#waiters = [];
  }

  /** Aborts a call; for one that is not running, the cancel is remembered. */
  cancel(jobId: string, reason: unknown): void {
    const call = this.#calls.get(jobId);
    if (call !== undefined) call.late.abort(reason);
    else this.#remember(jobId, reason);
  }

  /** Aborts calls for a reason of this worker. */
  abandon(
    fate: 'returned' | 'lost',
    reason: Error,
    ids: Iterable<string> = this.#calls.keys(),
  ): void {
    for (const id of [...ids]) {
      const call = this.#calls.get(id);
      if (call === undefined || call.fate !== undefined) continue;
      call.fate = fate;
      call.late.abort(reason);
    }
  }

  /** Resolves when nothing is running, or after this many milliseconds. */
  async untilIdle(ms: number): Promise<void> {
    if (this.#calls.size === 0) return;
    await new Promise<void>((resolve) => {
      const stop = later(ms, resolve, timers);
      this.#waiters.push(() => {
        stop();
        resolve();
      });
    });
  }

  #remember(jobId: string, reason: unknown): void {
    const now = performance.now();
    for (const [id, { until }] of this.#cancelled) {
      // The oldest entries come first.
      if (until > now && this.#cancelled.size < MOST_REMEMBERED) break;
      this.#cancelled.delete(id);
    }
    this.#cancelled.set(jobId, { reason, until: now + REMEMBERED });
  }
}
