/** An attempt wrapped in middleware: it is over once the middleware and every `run()` it called have settled. */

import { AlreadyEnded } from '../../errors.ts';

export class WrappedCall {
  #numRunning = 0;
  #isOver = false;
  #whenQuiet: (() => void) | undefined;

  /** Calls the function. Its slot is held until it settles, whether the middleware waits for that or not. */
  async run(call: () => unknown): Promise<unknown> {
    if (this.#isOver) {
      throw new AlreadyEnded(
        'expected run() to be called while the attempt is running, got it afterwards',
      );
    }
    this.#numRunning++;
    try {
      return await call();
    } finally {
      if (--this.#numRunning === 0) this.#whenQuiet?.();
    }
  }

  /** Settles as the returned value of the middleware does, once no `run()` is pending. */
  async settle(returned: unknown): Promise<unknown> {
    try {
      return await returned;
    } finally {
      if (this.#numRunning > 0) {
        await new Promise<void>((resolve) => {
          this.#whenQuiet = resolve;
        });
      }
      this.#isOver = true;
    }
  }
}
