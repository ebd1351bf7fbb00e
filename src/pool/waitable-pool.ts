/// <reference lib="esnext.disposable" preserve="true" />

/** Waiting for a pool, and closing it. */

import { checkCount } from '../kit/checks.ts';
import { ObservedPool } from './observed-pool.ts';
import { flushOptions, gatherOptions } from './options/option-tables.ts';
import type { FlushOptions, GatherOptions, WaitOptions } from './options/pool-options.ts';
import { waitOptions } from './options/wait-options.ts';
import type { CheckpointOptions } from './persistence/checkpoint-plan.ts';
import type { SuspendOptions } from './persistence/suspend-options.ts';

/** The part of {@link BasePool} for waiting and closing. */
export abstract class WaitablePool extends ObservedPool implements AsyncDisposable {
  /**
   * Resolves when all tasks have ended and all callbacks have finished. Rejects with the reason of the signal if that
   * aborts first, and with `PoolSuspended` if the pool is suspended.
   *
   * @throws WouldDeadlock in a function or a callback of this pool.
   */
  untilIdle(options: WaitOptions = {}): Promise<void> {
    waitOptions.check('untilIdle()', options);
    this.core.calling.checkWaitForAll('untilIdle()', options);
    return this.#unlessSuspended(this.core.closing.untilIdle(options.signal));
  }

  /**
   * Resolves when {@link numPending} is less than `n`: backpressure for producers. Rejects with the reason of the
   * signal if that aborts first, and with `PoolSuspended` if the pool is suspended.
   *
   * @throws RangeError, TypeError unless `n` is a positive integer.
   */
  untilSizeBelow(n: number, options: WaitOptions = {}): Promise<void> {
    checkCount('n', n, 1);
    waitOptions.check('untilSizeBelow()', options);
    return this.#unlessSuspended(this.core.sizeWaits.untilBelow(n, options.signal));
  }

  /**
   * Resolves when everything so far is written to the journal: all calls, and all events of their tasks. Resolves
   * immediately in a pool that keeps its events in memory only. Rejects with the reason of the signal if that aborts
   * first.
   *
   * @throws the error of the store if it has failed.
   */
  async untilDurable(options: WaitOptions = {}): Promise<void> {
    waitOptions.check('untilDurable()', options);
    await this.core.journal?.untilDurable(options.signal);
  }

  /**
   * Resolves when the pool is closed. Rejects with the reason of the signal if that aborts first, and with
   * `PoolSuspended` if the pool is suspended first.
   *
   * @throws WouldDeadlock in a function or a callback of this pool.
   */
  untilClosed(options: WaitOptions = {}): Promise<void> {
    waitOptions.check('untilClosed()', options);
    this.core.calling.checkWaitForAll('untilClosed()', options);
    const closed = this.core.closing.untilClosed(options.signal);
    return this.isClosed ? closed : this.#unlessSuspended(closed);
  }

  /**
   * Forgets ended tasks, once all callbacks that are running have finished. Does not wait for running tasks.
   *
   * @returns with `returnExceptions` the errors that nobody has awaited, otherwise an empty array.
   * @throws the error that nobody has awaited, or an AggregateError of several.
   * @throws WouldDeadlock in a callback of this pool.
   */
  flush(options: FlushOptions = {}): Promise<unknown[]> {
    flushOptions.check('flush()', options);
    this.core.calling.checkWaitForCallbacks('flush()');
    return this.core.closing.flush(options);
  }

  /**
   * Accepts no more work, waits until all accepted work has ended and all callbacks have finished, and closes the
   * pool, also if it then throws. Further calls return the same promise.
   *
   * @returns with `returnExceptions` the errors that nobody has awaited, otherwise an empty array.
   * @throws after closing: the error that nobody has awaited, or an AggregateError of several.
   * @throws WouldDeadlock in a function or a callback of this pool; the pool is not closed then.
   * @throws GaveUpWaiting if `grace` has passed since the signal was aborted.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * pool.map(async (n: number) => n / 2, [1, 2, 3]);
   * await pool.gatherAndClose();
   * pool.totals.fulfilled; // => 3
   * ```
   */
  gatherAndClose(options: GatherOptions = {}): Promise<unknown[]> {
    gatherOptions.check('gatherAndClose()', options);
    this.core.calling.checkWaitForAll('gatherAndClose()', options);
    return this.core.closing.gather(options);
  }

  /**
   * Stops the pool so that another process can continue its work: for a pool with `functions` and a store. Nothing
   * starts any more and calls are refused; running tasks have `grace` milliseconds to finish and are aborted then. Of
   * aborted tasks nothing is written and no callback is called, so that a recovery runs them again. Waits reject with
   * `PoolSuspended`, even if a function ignores its signal. Then the pool closes.
   *
   * @returns a promise that resolves when everything is written and the store is closed. Further calls return the
   * same promise.
   * @throws NotRecoverable unless the pool has `functions` and a store that outlives it; WouldDeadlock in a function
   * or a callback; RangeError, TypeError for invalid options; PoolIsClosed if the pool is closed.
   */
  suspend(options: SuspendOptions = {}): Promise<void> {
    this.core.calling.checkWaitForAll('suspend()', options);
    return this.core.suspend(options);
  }

  /**
   * Stores the current state in the journal, so that a later recovery or `replay` need not read all events.
   *
   * @throws TypeError if the journal is not a store; the error of the store if it fails or has failed.
   */
  async checkpoint(options: CheckpointOptions = {}): Promise<void> {
    const { journal } = this.core;
    if (journal === undefined) {
      throw new TypeError(`expected a pool whose journal is a store, got ${this}, which has none`);
    }
    await journal.checkpoint(options);
  }

  /** `gatherAndClose()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.gatherAndClose();
  }

  /** Rejects for a suspended pool, in which nothing is left to wait for, but whose work is not done. */
  async #unlessSuspended(wait: Promise<void>): Promise<void> {
    await wait;
    const suspension = this.core.door.persister?.suspension;
    if (suspension !== undefined) throw suspension;
  }
}
