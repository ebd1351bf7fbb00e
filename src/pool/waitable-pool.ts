/// <reference lib="esnext.disposable" preserve="true" />

/** Waiting for a pool, and its end. */

import { abortable } from '../kit/abortable.ts';
import { checkCount } from '../kit/checks.ts';
import { isSuspension } from './door/suspended.ts';
import { ObservedPool } from './observed-pool.ts';
import {
  checkpointOptions,
  flushOptions,
  gatherOptions,
  suspendOptions,
} from './options/option-tables.ts';
import type {
  FlushOptions,
  GatherOptions,
  SuspendOptions,
  WaitOptions,
} from './options/pool-options.ts';
import { waitOptions } from './options/wait-options.ts';
import type { CheckpointOptions } from './persistence/checkpoint-plan.ts';

/** The part of {@link BasePool} that waits for work, and closes the pool. */
export abstract class WaitablePool extends ObservedPool implements AsyncDisposable {
  /**
   * Resolves when nothing is left to run, to unwind or to call back. Rejects with the signal's
   * reason if that aborts first, and with `PoolSuspended` if the pool is suspended.
   *
   * @throws WouldDeadlock in a function or a callback of this pool.
   */
  untilIdle(options: WaitOptions = {}): Promise<void> {
    waitOptions.check('untilIdle()', options);
    this.core.calling.checkWaitForAll('untilIdle()', options);
    return this.#unlessSuspended(this.core.closing.untilIdle(options.signal));
  }

  /**
   * Resolves when {@link numPending} is less than `n`: back-pressure for producers. Rejects with the
   * signal's reason if that aborts first, and with `PoolSuspended` if the pool is suspended.
   *
   * @throws RangeError, TypeError unless `n` is a whole number from 1 on.
   */
  untilSizeBelow(n: number, options: WaitOptions = {}): Promise<void> {
    checkCount('n', n, 1);
    waitOptions.check('untilSizeBelow()', options);
    return this.#unlessSuspended(this.core.sizeWaits.untilBelow(n, options.signal));
  }

  /**
   * Resolves when the journal has everything that has happened so far: all calls, and what became of
   * them. At once in a pool whose events are only kept in memory. Rejects with the signal's reason if that
   * aborts first.
   *
   * @throws what the store has failed with.
   */
  async untilDurable(options: WaitOptions = {}): Promise<void> {
    waitOptions.check('untilDurable()', options);
    const { persister } = this.core.door;
    const recorded = Promise.resolve(this.core.submissions.recorded());
    const drained = recorded.then(() => persister?.drained());
    await abortable(options.signal, (resolve) => {
      void drained.then(resolve);
      return () => {};
    });
    const failure = persister?.failure;
    if (failure !== undefined) throw failure.cause;
  }

  /**
   * Resolves when the pool is closed. Rejects with the signal's reason if that aborts first, and with
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
   * Forgets the tasks that have ended, once the callbacks under way are through. Waits for no
   * function.
   *
   * @returns with `returnExceptions` the errors that no one had asked for, otherwise nothing.
   * @throws such an error as itself, several as an AggregateError.
   * @throws WouldDeadlock in a callback of this pool.
   */
  flush(options: FlushOptions = {}): Promise<unknown[]> {
    flushOptions.check('flush()', options);
    this.core.calling.checkWaitForCallbacks('flush()');
    return this.core.closing.flush(options);
  }

  /**
   * Takes no more work, waits until all that was accepted has ended and the callbacks are through,
   * and closes the pool. Always ends closed. A second call gets the same promise.
   *
   * @returns with `returnExceptions` the errors that no one had asked for, otherwise nothing.
   * @throws after closing: such an error as itself, several as an AggregateError.
   * @throws WouldDeadlock in a function or a callback of this pool; it is not closed then.
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
   * Stops here what another process is to continue: for a pool that is made with `functions` and a store.
   * Nothing starts any more and calls are refused; what runs has `grace` milliseconds to finish, and is
   * aborted then. Of what that ends nothing is written and no one called back, so that a recovery runs it
   * again. Waits reject with `PoolSuspended`, also where a function ignores that. Then the pool closes.
   *
   * @returns when everything before is written and the store is closed. A second call gets the same promise.
   * @throws NotRecoverable if nothing could be recovered; WouldDeadlock in a function or a callback;
   * RangeError, TypeError; PoolIsClosed if the pool is closed.
   */
  suspend(options: SuspendOptions = {}): Promise<void> {
    suspendOptions.check('suspend()', options);
    this.core.calling.checkWaitForAll('suspend()', options);
    return this.core.suspend(options);
  }

  /**
   * Stores the state as of the last event in the journal, so that a later recovery or `replay` need
   * not read all events.
   *
   * @throws TypeError if the journal is no store; what the store throws, or has failed with.
   */
  async checkpoint(options: CheckpointOptions = {}): Promise<void> {
    checkpointOptions.check('checkpoint()', options);
    const { prune = false } = options;
    const { journal } = this.core;
    if (journal === undefined) {
      throw new TypeError(`expected a pool whose journal is a store, got ${this}, which has none`);
    }
    const recording = this.core.submissions.recorded();
    if (recording !== undefined) await recording;
    await journal.checkpoint(prune);
  }

  /** `gatherAndClose()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.gatherAndClose();
  }

  /** Nothing is left to wait for in a pool that was suspended, but its work is not done. */
  async #unlessSuspended(wait: Promise<void>): Promise<void> {
    await wait;
    const failure = this.core.door.persister?.failure?.cause;
    if (isSuspension(failure)) throw failure;
  }
}
