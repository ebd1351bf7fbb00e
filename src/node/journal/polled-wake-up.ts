/** Waiting for something that may happen without anyone waking: it is looked at now and then. */

// Not the global ones, which a test may have replaced.
import { clearTimeout, setTimeout } from 'node:timers';
import { WakeUp } from '../../kit/wake-up.ts';

export class PolledWakeUp extends WakeUp {
  readonly #milliseconds: number;

  /** @param milliseconds after which those waiting are woken in any case. */
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
