/** How a pool forgets and how it ends. */

import { Code } from '../machines/charts.ts';
import type { Engine } from './engine.ts';
import { raise } from './failures.ts';
import { onAbort } from './on-abort.ts';
import type { FlushOptions, GatherOptions } from './options.ts';

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
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** As {@link begin}, then hands out the errors that nobody asked for. */
  gather(options: GatherOptions): Promise<unknown[]> {
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
    return raise(delivery.failures.take(), returnExceptions);
  }

  async #close(): Promise<void> {
    const { recorder, conditions } = this.#engine;
    recorder.tick();
    recorder.record(Code.poolClosing, undefined, 0, {});
    await conditions.until(() => this.#engine.isIdle);
    recorder.tick();
    recorder.record(Code.poolClosed, undefined, 0, {});
    for (const cleanup of this.#cleanups) cleanup();
    this.#cleanups = [];
    conditions.poke();
  }

  async #gather({ returnExceptions = false, signal }: GatherOptions): Promise<unknown[]> {
    if (signal !== undefined) this.#onAbort(signal, this.#cancelAll);
    await this.begin();
    await this.#engine.recorder.writer?.drained();
    return raise(this.#engine.delivery.failures.take(), returnExceptions);
  }

  #onAbort(signal: AbortSignal, react: (reason: unknown) => void): void {
    if (signal.aborted) react(signal.reason);
    else this.#cleanups.push(onAbort(signal, () => react(signal.reason)));
  }
}
