/** A clock that stands still while the run is stopped, as by Ctrl-Z. */

export class RunningTime {
  /** Milliseconds for which the run was stopped. */
  #stopped = 0;
  #stoppedAt: number | undefined = undefined;

  /** Milliseconds since some moment in the past. */
  now(): number {
    return (this.#stoppedAt ?? performance.now()) - this.#stopped;
  }

  stop(): void {
    this.#stoppedAt ??= performance.now();
  }

  continue(): void {
    if (this.#stoppedAt === undefined) return;
    this.#stopped += performance.now() - this.#stoppedAt;
    this.#stoppedAt = undefined;
  }

  /**
   * Calls a function when so much time has passed.
   *
   * @returns what cancels that.
   */
  after(milliseconds: number, callback: () => void): () => void {
    const due = this.now() + milliseconds;
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      timer = setTimeout(() => {
        const rest = due - this.now();
        if (rest < 1) callback();
        else wait(rest);
      }, left);
    };
    wait(milliseconds);
    return () => clearTimeout(timer);
  }
}
