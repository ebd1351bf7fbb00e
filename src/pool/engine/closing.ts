/** How a pool flushes and closes. */

import { Code } from '../../events/event-codes.ts';
import { whenAborted } from '../../kit/on-abort.ts';
import type { Callbacks } from '../calling/callbacks.ts';
import type { Door } from '../door/door.ts';
import type { FlushOptions, GatherOptions } from '../options/pool-options.ts';
import type { Delivery } from '../results/delivery.ts';
import { gaveUp } from '../results/giving-up.ts';
import type { Conditions } from '../waits/conditions.ts';
import type { Cancelling } from './cancelling.ts';

/** The parts of a pool that have to be idle before it is closed. */
interface Parts {
  readonly door: Door;
  readonly conditions: Conditions;
  readonly callbacks: Callbacks;
  readonly cancelling: Cancelling;
  readonly delivery: Delivery;
  readonly submissions: Submitted;
}

/** The submissions that are no tasks yet. */
interface Submitted {
  readonly numWaiting: number;
  /** Called when no more submissions will come. */
  finish(): void;
  /** Releases the groups that are done. */
  release(): void;
}

export class Closing {
  readonly #parts: Parts;
  #gathered: Promise<unknown[]> | undefined = undefined;
  /** Called when the pool is closed: what stops listening to signals, for instance. */
  readonly cleanups = new Set<() => void>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether all tasks have ended and all callbacks have finished. */
  get isIdle(): boolean {
    const { door, callbacks, submissions } = this.#parts;
    const { openSources, numLive } = door.state;
    if (openSources > 0 || numLive > 0) return false;
    return submissions.numWaiting === 0 && callbacks.pending === 0;
  }

  /** Resolves when the pool is idle or, since functions may ignore the abort, when it is suspended. */
  untilIdle(signal?: AbortSignal): Promise<void> {
    const { door, conditions } = this.#parts;
    return conditions.until('idle', () => this.isIdle || door.state.suspended, signal);
  }

  /** Resolves when the pool is closed, or suspended. */
  untilClosed(signal?: AbortSignal): Promise<void> {
    const { state } = this.#parts.door;
    const isOver = () => state.status === 'closed' || state.suspended;
    return this.#parts.conditions.until('closed', isOver, signal);
  }

  /** When the signal is aborted, cancels everything and closes the pool. */
  closeWith(signal: AbortSignal): void {
    this.#onAbort(signal, (reason) => {
      this.#parts.cancelling.all(reason);
      this.begin();
    });
  }

  /** Accepts no more work, and closes the pool once all accepted work is finished. */
  begin(): void {
    const { door } = this.#parts;
    // Subscribers of `pool.closing` may close the pool as well.
    if (door.state.status === 'closing' || door.state.status === 'closed') return;
    door.record(Code.poolClosing, undefined, 0, {});
    void this.finish();
  }

  /** Like {@link begin}; then returns or throws the errors that nobody has awaited. */
  gather(options: GatherOptions): Promise<unknown[]> {
    const { signal, grace } = options;
    if (grace !== undefined && signal === undefined) {
      throw new TypeError('expected a signal with grace, got none');
    }
    const isClosed = this.#parts.door.state.status === 'closed';
    if (signal !== undefined && !isClosed) {
      this.#onAbort(signal, (reason) => this.#parts.cancelling.all(reason));
    }
    this.begin();
    this.#gathered ??= this.#gather(options);
    if (signal === undefined || grace === undefined || isClosed) return this.#gathered;
    return this.#unlessStuck(this.#gathered, signal, grace);
  }

  /** Forgets ended tasks, once their callbacks have finished. */
  async flush({ returnExceptions = false }: FlushOptions): Promise<unknown[]> {
    const { door, callbacks, delivery, submissions } = this.#parts;
    await callbacks.settled();
    if (door.state.status !== 'closed') submissions.release();
    const { status, numEnded } = door.state;
    if (status !== 'closed') door.record(Code.poolFlushed, undefined, 0, { forgotten: numEnded });
    return delivery.failures.raise(returnExceptions);
  }

  /** Closes the pool once all accepted work is finished. */
  async finish(): Promise<void> {
    const { door, conditions, submissions } = this.#parts;
    submissions.finish();
    await conditions.until('finished', () => this.isIdle);
    door.record(Code.poolClosed, undefined, 0, {});
    void door.persister?.release();
    for (const cleanup of this.cleanups) cleanup();
    this.cleanups.clear();
    conditions.notify();
  }

  async #gather({ returnExceptions = false }: GatherOptions): Promise<unknown[]> {
    const { door, delivery } = this.#parts;
    await this.untilClosed();
    await door.persister?.drained();
    return delivery.failures.raise(returnExceptions);
  }

  /** Follows the promise, but rejects with the list of stuck tasks when the grace is over after an abort. */
  #unlessStuck<T>(promise: Promise<T>, signal: AbortSignal, grace: number): Promise<T> {
    const { door } = this.#parts;
    return new Promise((resolve, reject) => {
      this.#onAbort(signal, (reason) => {
        const timer = door.turn.after(grace, () => {
          const what = `gatherAndClose(), ${grace} ms after the signal was aborted`;
          reject(gaveUp(door, what, door.state.tasks, reason));
        });
        this.cleanups.add(() => door.turn.cancel(timer));
      });
      // After the wait was given up, a later rejection must not be unhandled.
      promise.then(resolve, reject);
    });
  }

  #onAbort(signal: AbortSignal, react: (reason: unknown) => void): void {
    this.cleanups.add(whenAborted(signal, react));
  }
}
