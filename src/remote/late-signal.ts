/** An abort signal that is made when it is asked for first: most functions never look at theirs. */

export class LateSignal {
  #controller: AbortController | undefined = undefined;
  #isAborted = false;
  #reason: unknown = undefined;
  #callbacks: ((reason: unknown) => void)[] | undefined = undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get isAborted(): boolean {
    return this.#isAborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** Calls back when it is aborted, at once if it is: this needs no signal. */
  onAbort(callback: (reason: unknown) => void): void {
    if (this.#isAborted) callback(this.#reason);
    else if (this.#callbacks === undefined) this.#callbacks = [callback];
    else this.#callbacks.push(callback);
  }

  /** Only the first reason counts, as with any signal. */
  abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    for (const callback of callbacks ?? []) callback(reason);
  }

  /** Whether what was thrown is what it was aborted with. */
  isReason(error: unknown): boolean {
    return this.#isAborted && Object.is(error, this.#reason);
  }
}
