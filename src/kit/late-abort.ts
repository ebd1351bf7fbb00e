/** An abort signal that is created when it is first read, since most functions never read theirs. */

import { callAll } from './on-abort.ts';

export class LateAbort {
  isAborted = false;
  reason: unknown = undefined;
  #controller: AbortController | undefined = undefined;
  /** Who is to be called when it is aborted, besides the listeners of the signal. */
  #callbacks: ((reason: unknown) => void)[] | undefined = undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.isAborted) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  /** The signal, if one was asked for. */
  protected get made(): AbortSignal | undefined {
    return this.#controller?.signal;
  }

  /** Calls back when it is aborted, at once if it is: a listener that needs no signal. */
  onAbort(callback: (reason: unknown) => void): void {
    if (this.isAborted) callback(this.reason);
    else if (this.#callbacks === undefined) this.#callbacks = [callback];
    else this.#callbacks.push(callback);
  }

  /** A second abort changes the reason alone, and not that of the signal. */
  abort(reason: unknown): void {
    this.isAborted = true;
    this.reason = reason;
    this.#controller?.abort(reason);
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    if (callbacks !== undefined) callAll(callbacks, reason);
  }

  /** Releases the controller. Reading the signal again makes another one in the same state. */
  release(): void {
    this.#controller = undefined;
    this.#callbacks = undefined;
  }
}
