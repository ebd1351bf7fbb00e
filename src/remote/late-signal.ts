/** An abort signal that is made when it is asked for first: most functions never look at theirs. */

export class LateSignal {
  #controller: AbortController | undefined = undefined;
  #isAborted = false;
  #reason: unknown = undefined;

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

  /** Only the first reason counts, as with any signal. */
  abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }

  /** Whether what was thrown is what it was aborted with. */
  isReason(error: unknown): boolean {
    return this.#isAborted && Object.is(error, this.#reason);
  }
}
