/** An abort signal that is created when it is first read, since most functions never read theirs. */

import { callAll } from './on-abort.ts';

export class LateAbort {
  isAborted = false;
  reason: unknown = undefined;
  #controller: AbortController | undefined = undefined;
  /** Callbacks for the abort, in addition to the listeners of the signal. */
  #callbacks: ((reason: unknown) => void)[] | undefined = undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.isAborted) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  /** The signal, if it was created. */
  get made(): AbortSignal | undefined {
    return this.#controller?.signal;
  }

  /** Calls back when it is aborted, immediately if it already is, without creating the signal. */
  onAbort(callback: (reason: unknown) => void): void {
    if (this.isAborted) callback(this.reason);
    else if (this.#callbacks === undefined) this.#callbacks = [callback];
    else this.#callbacks.push(callback);
  }

  /** A second abort only changes `reason`, not the reason of the signal. */
  abort(reason: unknown): void {
    this.isAborted = true;
    this.reason = reason;
    this.#controller?.abort(reason);
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    if (callbacks !== undefined) callAll(callbacks, reason);
  }

  /** Releases the controller. Reading the signal again creates another one in the same state. */
  release(): void {
    this.#controller = undefined;
    this.#callbacks = undefined;
  }
}
