/** Waits for changes that may occur without a notification, by polling. */

// Imported, since tests may replace the global timers.
import { clearTimeout, setTimeout } from 'node:timers';
import { WakeUp } from '../../kit/wake-up.ts';

export class PolledWakeUp extends WakeUp {
  readonly #milliseconds: number;

  /**
   * @param milliseconds after which waiting callers are woken in any case.
   */
  constructor(milliseconds: number) {
    super();
    this.#milliseconds = milliseconds;
  }

  override async wait(signal?: AbortSignal): Promise<void> {
    const timer = setTimeout(() => this.wake(), this.#milliseconds);
    await super.wait(signal);
    clearTimeout(timer);
  }
}
