/** One run of a task: its signal, and whether that was aborted. */

/**
 * Made when somebody aborts it or looks at the signal: most functions never do, and a controller
 * costs more than all else of a task.
 */
export class Attempt {
  isAborted = false;
  reason: unknown = undefined;
  #controller: AbortController | undefined = undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.isAborted) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  hasSignal(signal: AbortSignal): boolean {
    return this.#controller?.signal === signal;
  }

  abort(reason: unknown): void {
    this.isAborted = true;
    this.reason = reason;
    this.#controller?.abort(reason);
  }

  /** Releases the controller. Whoever looks again gets another signal in the same state. */
  release(): void {
    this.#controller = undefined;
  }
}
