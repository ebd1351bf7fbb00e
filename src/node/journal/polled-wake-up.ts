/** Waiting for something that may happen without anybody waking: it is looked at now and then. */

// Not the global ones, which a test may have replaced.
import { clearTimeout, setTimeout } from 'node:timers';
import { WakeUp } from '../../kit/wake-up.ts';

export class PolledWakeUp extends WakeUp {
  /** As {@link wait}, and resolves after so many milliseconds, as does everything that waits then. */
  async waitOrPoll(signal: AbortSignal | undefined, milliseconds: number): Promise<void> {
    const timer = setTimeout(() => this.wake(), milliseconds);
    await this.wait(signal);
    clearTimeout(timer);
  }
}
