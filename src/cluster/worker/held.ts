/** The jobs that this worker owns, as far as it knows: each until Redis has received its outcome. */

/** Milliseconds after which Redis has received an outcome, or never will. */
const HEARD = 60_000;

export class Held {
  /** When the function of each job ended, in milliseconds of `performance.now()`; undefined while it is running. */
  readonly #jobs = new Map<string, number | undefined>();

  add(job: string): void {
    this.#jobs.set(job, undefined);
  }

  /** The function has ended; its result is still to be sent to Redis. */
  ended(job: string): void {
    if (this.#jobs.has(job)) this.#jobs.set(job, performance.now());
  }

  delete(job: string): void {
    this.#jobs.delete(job);
  }

  get size(): number {
    return this.#jobs.size;
  }

  /** Drops jobs that ended long ago. */
  tidy(): void {
    const now = performance.now();
    for (const [job, endedAt] of this.#jobs) {
      if (endedAt !== undefined && now - endedAt > HEARD) this.#jobs.delete(job);
    }
  }

  get ids(): string[] {
    return [...this.#jobs.keys()];
  }
}
