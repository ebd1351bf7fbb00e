/** How a pool forgets and how it ends. */

import { Code } from '../../event-table.ts';
import { onAbort } from '../../kit/on-abort.ts';
import { checkOptionalSignal } from '../checks.ts';
import type { FlushOptions, GatherOptions } from '../options.ts';
import { releaseHistory } from '../recording/journaling.ts';
import type { Engine } from './engine.ts';

export class Closing {
  readonly #engine: Engine;
  readonly #cancelAll: (reason: unknown) => void;
  #closed: Promise<void> | undefined = undefined;
  #gathered: Promise<unknown[]> | undefined = undefined;
  /** What is to be undone when the pool is closed. */
  #cleanups: (() => void)[] = [];

  constructor(engine: Engine, cancelAll: (reason: unknown) => void) {
    this.#engine = engine;
    this.#cancelAll = cancelAll;
  }

  /** Ends the pool with the signal: cancels everything and closes. */
  closeWith(signal: AbortSignal): void {
    this.#onAbort(signal, (reason) => {
      this.#cancelAll(reason);
      void this.begin();
    });
  }

  /** Takes no more work; closes the pool once all that was accepted is finished. */
  begin(): Promise<void> {
    if (this.#closed === undefined) {
      let resolve!: () => void;
      // There before the first event: its subscribers may ask for the end as well.
      this.#closed = new Promise((done) => {
        resolve = done;
      });
      void this.#close().then(resolve);
    }
    return this.#closed;
  }

  /** Goes on with what another process has begun, if it had. */
  goOn(): void {
    const { status } = this.#engine.recorder.state;
    if (status === 'closed') this.#closed = Promise.resolve();
    else if (status === 'closing') this.#closed = this.#finish();
  }

  /** As {@link begin}, then hands out the errors that nobody asked for. */
  gather(options: GatherOptions): Promise<unknown[]> {
    const { signal } = options;
    checkOptionalSignal('signal', signal);
    const isClosed = this.#engine.recorder.state.status === 'closed';
    if (signal !== undefined && !isClosed) this.#onAbort(signal, this.#cancelAll);
    void this.begin();
    this.#gathered ??= this.#gather(options);
    return this.#gathered;
  }

  /** Forgets what has ended, once its callbacks are through. */
  async flush({ returnExceptions = false }: FlushOptions): Promise<unknown[]> {
    const { recorder, callbacks, delivery } = this.#engine;
    await callbacks.settled();
    recorder.tick();
    if (recorder.state.status !== 'closed') {
      recorder.record(Code.poolFlushed, undefined, 0, { forgotten: recorder.state.numEnded });
    }
    return delivery.failures.raise(returnExceptions);
  }

  async #close(): Promise<void> {
    const { recorder } = this.#engine;
    recorder.tick();
    recorder.record(Code.poolClosing, undefined, 0, {});
    await this.#finish();
  }

  async #finish(): Promise<void> {
    const { recorder, conditions } = this.#engine;
    await conditions.until('idle', () => this.#engine.isIdle);
    recorder.tick();
    recorder.record(Code.poolClosed, undefined, 0, {});
    void releaseHistory(recorder);
    for (const cleanup of this.#cleanups) cleanup();
    this.#cleanups = [];
    conditions.poke();
  }

  async #gather({ returnExceptions = false }: GatherOptions): Promise<unknown[]> {
    await this.begin();
    await this.#engine.recorder.writer?.drained();
    return this.#engine.delivery.failures.raise(returnExceptions);
  }

  #onAbort(signal: AbortSignal, react: (reason: unknown) => void): void {
    if (signal.aborted) react(signal.reason);
    else this.#cleanups.push(onAbort(signal, () => react(signal.reason)));
  }
}
